using System.Globalization;
using System.Text.RegularExpressions;

namespace CustomerSegmentation.Deploy.Tests.Services;

/// <summary>A scrape in Prometheus' text format, read strictly: a line that is none fails.</summary>
internal sealed partial class Exposition
{
    private Exposition(Dictionary<string, string> types, List<Sample> samples) => (Types, Samples) = (types, samples);

    /// <summary>Types by the name of the family.</summary>
    public IReadOnlyDictionary<string, string> Types { get; }

    public IReadOnlyList<Sample> Samples { get; }

    /// <summary>Names of samples.</summary>
    public IReadOnlySet<string> Names => Samples.Select(s => s.Name).ToHashSet();

    public static Exposition Parse(string text)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        var samples = new List<Sample>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                Assert.True(types.TryAdd(type.Groups[1].Value, type.Groups[2].Value), $"{type.Groups[1].Value} has two types");
                continue;
            }

            if (line.StartsWith("# HELP ", StringComparison.Ordinal) || line.StartsWith("# UNIT ", StringComparison.Ordinal) || line == "# EOF")
            {
                continue;
            }

            var sample = SampleLine().Match(line);
            Assert.True(sample.Success, $"no line of Prometheus' format: {line}");
            var labels = LabelPair().Matches(sample.Groups[2].Value).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
            var value = sample.Groups[3].Value switch
            {
                "+Inf" => double.PositiveInfinity,
                "-Inf" => double.NegativeInfinity,
                var number => double.Parse(number, CultureInfo.InvariantCulture),
            };
            samples.Add(new Sample(sample.Groups[1].Value, labels, value));
        }

        return new Exposition(types, samples);
    }

    /// <summary>The sum of a name's samples.</summary>
    public double Sum(string name)
    {
        var found = Samples.Where(s => s.Name == name).ToList();
        Assert.True(found.Count > 0, $"{name} is not among {string.Join(' ', Names.Order())}");
        return found.Sum(s => s.Value);
    }

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\.)*\",?)*)\\})? (\\S+)(?: \\d+)?$")]
    private static partial Regex SampleLine();

    [GeneratedRegex("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex LabelPair();

    internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
}
