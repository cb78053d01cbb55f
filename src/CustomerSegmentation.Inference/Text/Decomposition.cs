using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace CustomerSegmentation.Inference.Text;

/// <summary>
/// What a character leaves when it is decomposed (NFD) and its combining marks are dropped. The table is our own, because without ICU, as this program runs,
/// .NET does not normalise.
/// </summary>
internal static class Decomposition
{
    private const int HangulFirst = 0xAC00;
    private const int HangulCount = 11_172;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private static readonly FrozenDictionary<int, string> Table = Read();

    /// <summary>Appends what is left of the character; nothing for a combining mark.</summary>
    public static void Append(Rune rune, StringBuilder text)
    {
        var syllable = rune.Value - HangulFirst;
        if (syllable is >= 0 and < HangulCount)
        {
            // Unicode, section 3.12: leading consonant, vowel and, but for 0, tail.
            text.Append((char)(0x1100 + (syllable / (VowelCount * TailCount)))).Append((char)(0x1161 + (syllable / TailCount % VowelCount)));
            if (syllable % TailCount > 0)
            {
                text.Append((char)(0x11A7 + (syllable % TailCount)));
            }
        }
        else if (!rune.IsAscii && Table.TryGetValue(rune.Value, out var left))
        {
            text.Append(left);
        }
        else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
        {
            text.Append(rune);
        }
    }

    private static FrozenDictionary<int, string> Read()
    {
        using var stream = typeof(Decomposition).Assembly.GetManifestResourceStream("decompositions.txt")!;
        using var reader = new StreamReader(stream);
        var table = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var numbers = line.Split(' ').Select(n => int.Parse(n, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
                table[numbers[0]] = string.Concat(numbers.Skip(1).Select(n => new Rune(n)));
            }
        }

        return table.ToFrozenDictionary();
    }
}
