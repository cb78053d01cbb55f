using System.Globalization;
using System.Text;

namespace CustomerSegmentation.Inference.Text;

/// <summary>
/// Normalises text and splits it into words as BERT's models do (Devlin et al. 2019): control characters are dropped; white space, punctuation and CJK
/// characters part words, the latter two being words themselves; for lower-case models text is decomposed (NFD), combining marks are dropped, the rest is
/// lower case.
/// </summary>
internal static class WordSplitter
{
    // The blocks that BERT parts: unified ideographs and their extensions and compatibility forms, not kana or hangul.
    private static readonly (int From, int To)[] Ideographs =
    [
        (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
    ];

    public static List<string> Split(string text, bool lowerCase)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in Normalise(text, lowerCase).EnumerateRunes())
        {
            if (IsSpace(rune))
            {
                End(word, words);
            }
            else if (IsPunctuation(rune) || IsIdeograph(rune))
            {
                End(word, words);
                words.Add(rune.ToString());
            }
            else
            {
                word.Append(rune);
            }
        }

        End(word, words);
        return words;
    }

    private static string Normalise(string text, bool lowerCase)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // Half a surrogate pair reads as U+FFFD.
            if (rune.Value is 0 or 0xFFFD || (IsControl(rune) && !IsSpace(rune)))
            {
                continue;
            }

            if (lowerCase)
            {
                Decomposition.Append(rune, kept);
            }
            else
            {
                kept.Append(rune);
            }
        }

        return lowerCase ? kept.ToString().ToLowerInvariant() : kept.ToString();
    }

    private static void End(StringBuilder word, List<string> words)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }

    private static bool IsSpace(Rune rune) => rune.Value is '\t' or '\n' or '\r' || Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator;

    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    // All of ASCII that is neither letter, digit nor space counts, though Unicode calls some of it symbols.
    private static bool IsPunctuation(Rune rune) =>
        (rune.IsAscii && (rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126)))
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
            or UnicodeCategory.OtherPunctuation;

    private static bool IsIdeograph(Rune rune) => Array.Exists(Ideographs, block => rune.Value >= block.From && rune.Value <= block.To);
}
