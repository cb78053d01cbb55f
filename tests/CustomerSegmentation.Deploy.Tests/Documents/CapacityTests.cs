using System.Globalization;
using System.Text.RegularExpressions;
using CustomerSegmentation.Deploy.Tests.Files;

namespace CustomerSegmentation.Deploy.Tests.Documents;

/// <summary>The capacity page: what it cites is in the results, and its table follows from that.</summary>
public sealed partial class CapacityTests
{
    private const string Page = "deploy/CAPACITY.md";

    private readonly List<string[]> _rows = [.. Repository.Read(Page)
        .Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    [Fact]
    public void Figures_are_in_the_results_that_they_cite()
    {
        var cited = _rows.Where(row => row.Length == 4 && row[0].Length == 1).ToList();
        Assert.Equal(8, cited.Count);
        foreach (var row in cited)
        {
            Assert.Contains(row[1], Cited(row[3]), StringComparison.Ordinal);
        }

        foreach (Match figure in InText().Matches(Repository.Read(Page)))
        {
            Assert.Contains(figure.Groups[1].Value, Cited(figure.Value), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_table_follows_from_the_figures()
    {
        var value = _rows.Where(row => row.Length is 3 or 4 && row[0].Length == 1).ToDictionary(row => row[0], row => Number(row[1]));
        var table = _rows.Where(row => row.Length == 11 && char.IsDigit(row[0][0])).ToList();
        Assert.Equal([(1, 1_000), (1, 10_000), (1, 100_000), (10, 1_000), (10, 10_000), (10, 100_000), (100, 1_000), (100, 10_000), (100, 100_000)],
            table.Select(row => ((int)Number(row[0]), (int)Number(row[1]))));
        foreach (var row in table)
        {
            var (n, r) = (1e6 * Number(row[0]), Number(row[1]));
            var cores = r * value["c"] / 1e6 / value["s"] / value["u"];
            var gib = n * value["a"] * value["m"] / (1 << 30);
            Close(row[2], cores);
            Close(row[3], gib);
            Assert.Equal(Math.Max(2, Math.Max(Math.Ceiling(cores / value["p"]), Math.Ceiling(gib / value["b"]))), Number(row[4]));
            Close(row[5], r * value["i"] / 1e6 / value["u"]);
            Close(row[6], n * value["r"] / 1e6 / 3600);
            Close(row[7], r / (value["w"] * value["u"]));
            Close(row[8], n * value["d"] / 1e9);
            Close(row[9], 86_400 * r * value["e"] / 1e9);
            Assert.Equal(r / (value["w"] * value["u"]) > 1, row[10] == "the database's writing");
        }
    }

    /// <summary>The number rounded as it is written.</summary>
    private static void Close(string written, double computed)
    {
        var digits = written.Contains('.') ? written.Length - written.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        Assert.True(Math.Abs(Number(written) - computed) <= 0.51 * Math.Pow(10, -digits), $"{written} is written, {computed} computed");
    }

    private static string Cited(string link) =>
        Repository.Read(Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Path("deploy"), Target().Match(link).Groups[1].Value))));

    private static double Number(string text) => double.Parse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Target();

    /// <summary>Numbers in a sentence that ends with the results that they are from.</summary>
    [GeneratedRegex(@"(\d{1,3}(?:,\d{3})+)(?=[^.|\n]*\]\()[^|\n]*?\]\([^)]*results/[^)]+\)")]
    private static partial Regex InText();
}
