using Spectre.Console;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>Where commands write: results to standard output, progress and errors to standard error.</summary>
internal sealed class CommandConsole
{
    public CommandConsole(TextWriter output, TextWriter error, bool isTerminal)
    {
        Output = output;
        Error = error;
        IsTerminal = isTerminal;
        Progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        Tables = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!isTerminal)
        {
            Tables.Profile.Width = 160;
        }
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>Progress can be drawn in place.</summary>
    public bool IsTerminal { get; }

    public IAnsiConsole Progress { get; }

    public IAnsiConsole Tables { get; }

    public static CommandConsole System() => new(Console.Out, Console.Error, !Console.IsErrorRedirected && !Console.IsOutputRedirected);
}
