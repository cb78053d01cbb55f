using System.CommandLine;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>Options that every command knows.</summary>
internal sealed class GlobalOptions
{
    public const string DataVariable = "SEGMENTATION_DATA";
    public const string DefaultUrl = "http://127.0.0.1:5080";

    public Option<string> Data { get; } = new("--data")
    {
        Description = $"The data folder [default: {DataVariable}, or ./data]",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Show what is behind an error, and more logs", Recursive = true };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Set an option, as listed by the options command: Name=Value",
        HelpName = "NAME=VALUE",
        Recursive = true,
    };

    public string DataFolder(ParseResult parsed) =>
        parsed.GetValue(Data) ?? Environment.GetEnvironmentVariable(DataVariable) ?? "data";
}
