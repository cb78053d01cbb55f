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
        var asOf = Time("--as-of", "Only events before this time count, and features are brought to it [default: all events, features at the latest of them]");
        var from = Time("--from", "Only events from this time on (events only)");
        var to = Time("--to", "Only events before this time (events only)");
        var featuresOnly = new Option<bool>("--features-only") { Description = "Leave out what the models say (features only)" };
        var output = new Option<string>("--out") { Description = "The file to write; compressed when it ends in .gz", Required = true, HelpName = "FILE.csv[.gz]" };
        var command = new Command("export", HelpText.Export) { what, asOf, from, to, featuresOnly, output, global.Url, global.Key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(output);
            var request = Request(parsed.GetRequiredValue(what) == "events", parsed.GetValue(asOf), parsed.GetValue(from), parsed.GetValue(to))
                with { FeaturesOnly = parsed.GetValue(featuresOnly) };
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
            if (progress.Lacking is { } lacking)
            {
                services.Console.Error.WriteLine($"without a sequence model, features alone: {lacking}");
            }

            services.Console.Output.WriteLine($"{count} from {access.Description} to {path}");
            return CommandLineApplication.Success;
        });
        return command;
    }

    private static ExportRequest Request(bool isOfEvents, string? asOf, string? from, string? to)
    {
        if (!isOfEvents && (from ?? to) is not null)
        {
            throw new UsageError("--from and --to belong to export events; features are as of one time, --as-of");
        }

        if (asOf is not null && to is not null)
        {
            throw new UsageError("--as-of and --to say the same of events: give one of them");
        }

        return new ExportRequest(isOfEvents ? ExportKind.Events : ExportKind.Features, Read(asOf ?? to), Read(from));
    }

    private static DateTimeOffset? Read(string? text) => text is null ? null : TimeText.ReadTime(text);

    private static Option<string> Time(string name, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && TimeText.ReadTime(text) is null)
            {
                result.AddError($"{name}: '{text}' is not a time such as 2011-06-12 or 2011-06-12T08:30:00Z");
            }
        });
        return option;
    }
}
