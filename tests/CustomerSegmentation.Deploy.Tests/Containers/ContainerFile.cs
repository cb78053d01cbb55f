using System.Text.RegularExpressions;

namespace CustomerSegmentation.Deploy.Tests.Containers;

/// <summary>A container file's stages and instructions, with continued lines joined and arguments' defaults filled in.</summary>
internal sealed partial class ContainerFile
{
    private ContainerFile(IReadOnlyList<Instruction> instructions, IReadOnlyDictionary<string, string> arguments) =>
        (Instructions, Arguments) = (instructions, arguments);

    public IReadOnlyList<Instruction> Instructions { get; }

    /// <summary>Arguments before the first stage, with their defaults.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; }

    public IReadOnlyList<string> Stages => [.. Instructions.Where(i => i.Name == "FROM").Select(i => i.Stage)];

    public static ContainerFile Parse(string text)
    {
        var lines = Continued().Replace(text, " ").Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'));
        var (instructions, arguments, stage) = (new List<Instruction>(), new Dictionary<string, string>(), "");
        foreach (var line in lines)
        {
            var words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            Assert.Matches("^[A-Z]+$", words[0]);
            if (words[0] == "FROM")
            {
                var from = words[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                Assert.True(from is [_, "AS", _], $"a stage without a name: {line}");
                stage = from[2];
            }
            else if (words[0] == "ARG" && stage.Length == 0)
            {
                var pair = words[1].Split('=', 2);
                arguments[pair[0]] = pair.Length == 2 ? pair[1] : "";
            }

            instructions.Add(new Instruction(stage, words[0], words[1]));
        }

        return new ContainerFile(instructions, arguments);
    }

    /// <summary>What the last instruction of this name in a stage says; null when there is none.</summary>
    public string? Last(string stage, string name) => Instructions.LastOrDefault(i => i.Stage == stage && i.Name == name)?.Value;

    [GeneratedRegex(@"\\\s*\n\s*")]
    private static partial Regex Continued();

    internal sealed record Instruction(string Stage, string Name, string Value);
}
