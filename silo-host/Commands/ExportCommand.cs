using System.CommandLine;
using System.Globalization;
using CustomerSegmentation.SiloHost.Export;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary><c>export features|events</c></summary>
internal static class ExportCommand
{
    public static Command Create(GlobalOptions global, CommandServices services)
    {
        var what = new Argument<string>("WHAT") { Description = "features or events" };
        what.AcceptOnlyFromAmong("features", "events");
        var asOf = new Option<string>("--as-of")
        {
            Description = "Only events before this time count, and features are brought to it [default: all events, features at the latest of them]",
            HelpName = "TIME",
        };
        asOf.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && TimeText.ReadTime(text) is null)
            {
                result.AddError($"--as-of: '{text}' is not a time such as 2011-06-12 or 2011-06-12T08:30:00Z");
            }
        });
        var output = new Option<string>("--out") { Description = "The file to write; compressed when it ends in .gz", Required = true, HelpName = "FILE.csv[.gz]" };
        var command = new Command("export", HelpText.Export) { what, asOf, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(output);
            var request = new ExportRequest(
                parsed.GetRequiredValue(what) == "events" ? ExportKind.Events : ExportKind.Features,
                parsed.GetValue(asOf) is { } text ? TimeText.ReadTime(text) : null);
            var progress = new ExportProgress();
            await using var access = await services.Opener.OpenAsync(global.Location(parsed), cancellationToken);
            await services.Progress.RunAsync(
                $"exporting {request.Kind.ToString().ToLowerInvariant()}",
                () => new ProgressSnapshot(null, progress.Rows > 0 ? progress.Rows : progress.Bytes, progress.Rows > 0 ? "rows" : "bytes"),
                () => Task.Run(
                    async () =>
                    {
                        await AtomicFile.WriteAsync(path, stream => access.ExportAsync(request, stream, progress, cancellationToken), cancellationToken);
                        return true;
                    },
                    cancellationToken));
            var count = progress.Rows > 0 ? $"{progress.Rows.ToString("N0", CultureInfo.InvariantCulture)} rows" : $"{progress.Bytes.ToString("N0", CultureInfo.InvariantCulture)} bytes";
            services.Console.Output.WriteLine($"{count} from {access.Description} to {path}");
            return CommandLineApplication.Success;
        });
        return command;
    }
}
