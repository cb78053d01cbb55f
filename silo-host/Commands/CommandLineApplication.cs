using System.CommandLine;
using System.CommandLine.Help;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>The command line: without a command it serves. Exit code 0 on success, 1 on failure with one line on standard error, 2 on wrong usage.</summary>
internal sealed class CommandLineApplication(CommandServices services)
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUsage = 2;

    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var global = new GlobalOptions();
        var parsed = Build(global).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            var command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
            return Complain($"{OneLine(parsed.Errors[0].Message)} (see {command}--help)", WrongUsage);
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = services.Console.Output,
                Error = services.Console.Error,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (UsageError e)
        {
            return Complain(e.Message, WrongUsage);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Complain("stopped", Failure);
        }
        catch (Exception e)
        {
            return Complain(parsed.GetValue(global.Verbose) ? e.ToString() : OneLine(e), Failure);
        }
    }

    private RootCommand Build(GlobalOptions global)
    {
        var root = new RootCommand(HelpText.Root) { HelpName = "run" };
        root.Add(global.Data);
        root.Add(global.Postgres);
        root.Add(global.Verbose);
        root.Add(global.Set);
        ServeCommand.Configure(root, global, services);
        root.Add(ImportCommand.Create(global, services));
        root.Add(ReclusterCommand.Create(global, services));
        root.Add(ExportCommand.Create(global, services));
        root.Add(SimulateCommand.Create(global, services));
        root.Add(ScoreCommand.Create(global, services));
        root.Add(ModelsCommand.Create(global, services));
        root.Add(KeysCommand.Create(global, services));
        root.Add(OptionsCommand.Create(services));
        return root;
    }

    private int Complain(string message, int exitCode)
    {
        services.Console.Error.WriteLine($"error: {message}");
        return exitCode;
    }

    private static string OneLine(Exception e) =>
        OneLine(e is CommandFailure ? e.Message : $"{e.Message} ({e.GetType().Name}; --verbose shows more)");

    private static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
