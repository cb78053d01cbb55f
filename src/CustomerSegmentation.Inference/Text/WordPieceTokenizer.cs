namespace CustomerSegmentation.Inference.Text;

/// <summary>Turns text into the numbers of word pieces: each word into the longest pieces that the vocabulary has, from its beginning.</summary>
/// <param name="vocabulary">The pieces.</param>
/// <param name="lowerCase">Whether the model reads lower case without accents.</param>
/// <param name="tokensMax">Longest sequence, the pieces at its ends included; at least 3.</param>
public sealed class WordPieceTokenizer(Vocabulary vocabulary, bool lowerCase, int tokensMax)
{
    private const int WordCharactersMax = 100;

    /// <summary>The vocabulary.</summary>
    public Vocabulary Vocabulary => vocabulary;

    /// <summary>Numbers of a text's pieces, between the start and the end piece. What goes beyond the longest sequence is cut off.</summary>
    public IReadOnlyList<int> Tokenize(string text)
    {
        var tokens = new List<int> { vocabulary.Start };
        foreach (var word in WordSplitter.Split(text, lowerCase))
        {
            if (tokens.Count >= tokensMax - 1)
            {
                break;
            }

            AddPieces(word, tokens);
        }

        if (tokens.Count > tokensMax - 1)
        {
            tokens.RemoveRange(tokensMax - 1, tokens.Count - (tokensMax - 1));
        }

        tokens.Add(vocabulary.End);
        return tokens;
    }

    private void AddPieces(string word, List<int> tokens)
    {
        var first = tokens.Count;

        // Characters are code points here, as in the models' own tokenizers.
        if (word.EnumerateRunes().Count() > WordCharactersMax)
        {
            tokens.Add(vocabulary.Unknown);
            return;
        }

        for (var from = 0; from < word.Length;)
        {
            var (to, number) = (word.Length, -1);
            while (to > from && (number = vocabulary.Find(word.AsSpan(from, to - from), from > 0)) < 0)
            {
                to--;
            }

            if (number < 0)
            {
                // One part that nobody knows makes the whole word unknown.
                tokens.RemoveRange(first, tokens.Count - first);
                tokens.Add(vocabulary.Unknown);
                return;
            }

            tokens.Add(number);
            from = to;
        }
    }
}
