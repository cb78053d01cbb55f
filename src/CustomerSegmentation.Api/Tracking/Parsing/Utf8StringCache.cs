using System.Text;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>
/// Turns UTF-8 into strings and gives the same string again for text that comes often (currencies, categories, product names, customer ids).
/// Two places for each hash: a new text pushes out the one used longer ago, so memory is bounded. One thread at a time.
/// </summary>
internal sealed class Utf8StringCache
{
    private const int Sets = 1024;
    private const int LengthMax = 64;
    private readonly string?[] _strings = new string?[Sets * 2];

    public string Get(ReadOnlySpan<byte> text)
    {
        if (text.Length == 0)
        {
            return "";
        }

        if (text.Length > LengthMax)
        {
            return Encoding.UTF8.GetString(text);
        }

        var set = (int)(Utf8Hash.Compute(text) & (Sets - 1)) * 2;
        ref var first = ref _strings[set];
        if (first is { } known && Matches(known, text))
        {
            return known;
        }

        ref var second = ref _strings[set + 1];
        (second, first) = (first, second is { } other && Matches(other, text) ? other : Encoding.UTF8.GetString(text));
        return first;
    }

    private static bool Matches(string known, ReadOnlySpan<byte> text)
    {
        if (known.Length == text.Length)
        {
            return Ascii.Equals(text, known);
        }

        // Fewer characters than bytes: not ASCII, so compare what the string encodes to.
        Span<byte> bytes = stackalloc byte[LengthMax * 3];
        return known.Length < text.Length && Encoding.UTF8.GetBytes(known, bytes) == text.Length && bytes[..text.Length].SequenceEqual(text);
    }
}
