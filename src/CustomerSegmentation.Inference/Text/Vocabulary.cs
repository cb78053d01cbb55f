using System.Text;
using CustomerSegmentation.Inference.Models;

namespace CustomerSegmentation.Inference.Text;

/// <summary>The word pieces that a text encoder knows, by their numbers.</summary>
public sealed class Vocabulary
{
    /// <summary>Marks a piece that continues a word.</summary>
    public const string Continuation = "##";

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _words;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _continuations;

    private Vocabulary(string file, Dictionary<string, int> words, Dictionary<string, int> continuations)
    {
        _words = words.GetAlternateLookup<ReadOnlySpan<char>>();
        _continuations = continuations.GetAlternateLookup<ReadOnlySpan<char>>();
        Count = words.Count + continuations.Count;
        (Padding, Unknown, Start, End) = (Special("[PAD]"), Special("[UNK]"), Special("[CLS]"), Special("[SEP]"));

        int Special(string piece) => words.TryGetValue(piece, out var number) ? number
            : throw new ModelRefusedException(file, ModelFault.Manifest, $"the vocabulary of {words.Count + continuations.Count} pieces lacks {piece}");
    }

    /// <summary>Word pieces.</summary>
    public int Count { get; }

    public int Padding { get; }

    public int Unknown { get; }

    public int Start { get; }

    public int End { get; }

    /// <summary>Reads a vocabulary: UTF-8, one piece a line, numbered from 0; of a piece that is there twice the later number counts.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">Its bytes.</param>
    /// <exception cref="ModelRefusedException">One of the special pieces is missing.</exception>
    public static Vocabulary Read(string file, ReadOnlySpan<byte> text)
    {
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        var continuations = new Dictionary<string, int>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(text).TrimStart('\uFEFF').Split('\n'))
        {
            var piece = line.TrimEnd('\r');
            if (piece.StartsWith(Continuation, StringComparison.Ordinal) && piece.Length > Continuation.Length)
            {
                continuations[piece[Continuation.Length..]] = number;
            }
            else if (piece.Length > 0)
            {
                words[piece] = number;
            }

            number++;
        }

        return new Vocabulary(file, words, continuations);
    }

    /// <summary>Number of a piece, or -1.</summary>
    /// <param name="piece">The piece without its continuation mark.</param>
    /// <param name="isContinuation">Whether it continues a word.</param>
    public int Find(ReadOnlySpan<char> piece, bool isContinuation) => (isContinuation ? _continuations : _words).TryGetValue(piece, out var number) ? number : -1;
}
