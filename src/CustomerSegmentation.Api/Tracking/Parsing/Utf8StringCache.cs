using System.Text;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>
/// Turns UTF-8 into strings and gives the same string again for text that comes often (currencies, categories, product names, customer ids). Direct
/// mapped: a new text takes the place of the old one, so memory is bounded. One thread at a time.
/// </summary>
internal sealed class Utf8StringCache
{
    private const int Slots = 2048;
    private const int LengthMax = 64;
    private readonly string?[] _strings = new string?[Slots];

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

        ref var slot = ref _strings[Utf8Hash.Compute(text) & (Slots - 1)];
        if (slot is { } known && Matches(known, text))
        {
            return known;
        }

        return slot = Encoding.UTF8.GetString(text);
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
