using System.CommandLine;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.SiloHost.Access;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary><c>recluster</c></summary>
internal static class ReclusterCommand
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    public static Command Create(GlobalOptions global, CommandServices services)
    {
        var segments = new Option<int?>("--segments") { Description = "How many segments, 2 to 32 [default: stability and silhouette choose from 4 to 8]", HelpName = "N" };
        segments.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var count) && count is < 2 or > 32)
            {
                result.AddError("--segments is a number from 2 to 32");
            }
        });
        var seed = new Option<int>("--seed") { Description = "Seed of every random choice", DefaultValueFactory = _ => 1, HelpName = "N" };
        var preview = new Option<bool>("--preview") { Description = "Fit only; do not move anybody" };
        var command = new Command("recluster", "Segments everybody anew and shows the segments") { segments, seed, preview, global.Url, global.Key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new SegmentationRequest
            {
                SegmentCount = parsed.GetValue(segments), Seed = parsed.GetValue(seed), Activate = !parsed.GetValue(preview), RequestedBy = "command",
            };
            await using var access = await services.Opener.OpenAsync(global.Location(parsed), cancellationToken);
            var done = await FollowAsync(access, request, services, cancellationToken);
            services.Console.Output.WriteLine(FormattableString.Invariant(
                $"version {done.Version}: {done.Segments.Count} segments over {done.Customers:N0} customers, silhouette {done.Metrics?.Silhouette:0.000}, stability {done.Metrics?.Stability:0.000}"));
            var view = request.Activate
                ? await access.GetSegmentsAsync(cancellationToken)
                : new() { Version = done.Version, Segments = done.Segments, Customers = done.Customers };
            SegmentsTable.Print(view, services.Console.Tables);
            return CommandLineApplication.Success;
        });
        return command;
    }

    private static async Task<SegmentationView> FollowAsync(
        ISegmentationAccess access, SegmentationRequest request, CommandServices services, CancellationToken cancellationToken)
    {
        var current = await access.StartReclusteringAsync(request, cancellationToken);
        if (current.AlreadyRunning)
        {
            services.Console.Error.WriteLine($"a re-clustering is running already (version {current.Version}): following it");
        }

        var version = current.Version;
        try
        {
            current = await services.Progress.RunAsync(
                "re-clustering",
                () => new ProgressSnapshot(current.Progress, 0, "", current.Step),
                async () =>
                {
                    while (current.Status is SegmentationStatus.Running or SegmentationStatus.Activating
                        || (current.Status == SegmentationStatus.Ready && request.Activate))
                    {
                        await Task.Delay(PollEvery, services.Time, cancellationToken);
                        current = await access.GetSegmentationAsync(version, cancellationToken) ?? current;
                    }

                    return current;
                });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !current.AlreadyRunning)
        {
            await access.CancelReclusteringAsync(version, CancellationToken.None);
            throw;
        }

        return current.Status switch
        {
            SegmentationStatus.Failed => throw new CommandFailure($"the re-clustering failed: {current.Error}"),
            SegmentationStatus.Cancelled => throw new CommandFailure("the re-clustering was cancelled"),
            _ => current,
        };
    }
}
