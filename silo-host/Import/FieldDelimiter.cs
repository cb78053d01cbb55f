using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>What separates the fields of a line: one character, or any run of white space.</summary>
internal readonly record struct FieldDelimiter(char Character, bool IsWhiteSpace)
{
    private static readonly char[] Candidates = ['\t', ';', ',', '|'];

    public static FieldDelimiter Comma { get; } = new(',', false);

    public static FieldDelimiter WhiteSpace { get; } = new(' ', true);

    /// <summary>Reads the command line's word for a delimiter: a character, or <c>comma</c>, <c>semicolon</c>, <c>tab</c>, <c>pipe</c>, <c>space</c>.</summary>
    /// <exception cref="UsageError">It is neither.</exception>
    public static FieldDelimiter Parse(string text) => text.ToLowerInvariant() switch
    {
        "comma" => Comma,
        "semicolon" => new(';', false),
        "tab" or "\\t" => new('\t', false),
        "pipe" => new('|', false),
        "space" or "whitespace" or " " => WhiteSpace,
        [var one] when one is not ('"' or '\n' or '\r') => new(one, false),
        _ => throw new UsageError($"--delimiter {text}: give one character, or comma, semicolon, tab, pipe or space"),
    };

    /// <summary>
    /// The candidate that cuts the first lines into the same number of fields, more than one; the one with most fields when several do; any white space
    /// when none does.
    /// </summary>
    public static FieldDelimiter Detect(IReadOnlyList<string> lines)
    {
        var sample = lines.Where(line => !string.IsNullOrWhiteSpace(line)).ToList();
        if (sample.Count == 0)
        {
            return Comma;
        }

        var best = (Score: 0.0, Delimiter: WhiteSpace);
        foreach (var candidate in Candidates)
        {
            var counts = sample.Select(line => CountOutsideQuotes(line, candidate)).ToList();
            var usual = counts.GroupBy(count => count).OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).First();
            var agreement = (double)usual.Count() / counts.Count;
            var score = usual.Key == 0 ? 0 : (agreement * 100) + Math.Min(usual.Key, 50);
            if (score > best.Score)
            {
                best = (score, new(candidate, false));
            }
        }

        return best.Delimiter;
    }

    private static int CountOutsideQuotes(string line, char delimiter)
    {
        var (count, quoted) = (0, false);
        foreach (var character in line)
        {
            quoted ^= character == '"';
            count += character == delimiter && !quoted ? 1 : 0;
        }

        return count;
    }
}
