using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>
/// Starts re-clusterings that nobody asks for: the first when enough customers are known, then one each interval since the latest version, whoever asked for it.
/// </summary>
/// <param name="coordinator">Does the work.</param>
/// <param name="ports">Clock, profiles, and what is in force.</param>
/// <param name="options">The interval.</param>
/// <param name="onFailedLook">Told of a look that failed; the next one follows.</param>
public sealed class SegmentationSchedule(
    ISegmentationCoordinator coordinator, SegmentationPorts ports, SegmentationOptions options, Action<Exception>? onFailedLook = null)
{
    // A first attempt that failed is not repeated at once: the customers are the same.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromHours(1);

    /// <summary>Looks once whether a re-clustering is due, and starts it.</summary>
    /// <returns>The version started; null when none was due.</returns>
    public async Task<SegmentationView?> LookAsync(CancellationToken cancellationToken = default)
    {
        var latest = (await coordinator.ListAsync(null, 1, cancellationToken)).Items.FirstOrDefault();
        if (latest is { Status: SegmentationStatus.Running or SegmentationStatus.Activating })
        {
            return null;
        }

        var since = latest is null ? TimeSpan.MaxValue : ports.Clock.GetUtcNow() - latest.StartedAt;
        var due = ports.Active.Current is null
            ? since >= FirstRetry && await CountAsync(cancellationToken) >= options.FirstAtCustomers
            : options.IntervalHours > 0 && since >= TimeSpan.FromHours(options.IntervalHours);
        return due ? await coordinator.StartAsync(new SegmentationRequest { RequestedBy = "schedule" }, cancellationToken) : null;
    }

    /// <summary>Looks again and again until cancelled. A look that fails (the storage is away) is followed by the next.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var interval = TimeSpan.FromMinutes(Math.Max(options.LookMinutes, 1.0 / 60));
        try
        {
            while (true)
            {
                await Task.Delay(interval, ports.Clock, cancellationToken);
                await TryLookAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine stops.
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            onFailedLook?.Invoke(exception);
        }
    }

    private async Task<long> CountAsync(CancellationToken cancellationToken) =>
        (await ports.Profiles.GetTotalsAsync(cancellationToken)).Segments.Sum(total => total.Customers);
}
