using CustomerSegmentation.Contracts;

namespace CustomerSegmentation.SiloHost.Telemetry;

/// <summary>Looks at the sizes of segments from time to time, so that a scrape asks nobody.</summary>
internal sealed class SegmentSizes(
    ISegmentationEngine engine, ServiceMetrics metrics, TelemetryOptions options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SegmentSizes> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before everything has started, a silo answers nobody.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.SegmentsSeconds), time);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            do
            {
                try
                {
                    metrics.Show(await engine.GetSegmentsAsync(stoppingToken));
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // Old sizes would look like new ones.
                    metrics.Show(null);
                    TelemetryLog.NoSizes(logger, e.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
