using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Engine.Orleans.Silos;

namespace CustomerSegmentation.Engine.Orleans.Live;

/// <summary>Sends what happens on this silo to the cluster's readers, in batches: at least once a second, at most ten times.</summary>
internal sealed class LiveSender(SiloCustomers silo, IGrainFactory grains, TimeProvider timeProvider)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PulseEvery = TimeSpan.FromSeconds(1);

    /// <summary>Batches are bounded by what the feed keeps; what comes faster loses its oldest.</summary>
    public async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        var hub = grains.GetGrain<ILiveGrain>(0);
        await using var feed = silo.Feed.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var next = feed.MoveNextAsync().AsTask();
        var rates = await ReadRatesAsync(cancellationToken);
        var pulsedAt = timeProvider.GetTimestamp();
        while (true)
        {
            await Task.Delay(Pause, timeProvider, cancellationToken);
            var items = new List<LiveEvent>();
            while (next.IsCompleted && items.Count < silo.Options.LiveItemsMax)
            {
                if (!await next)
                {
                    return;
                }
                items.Add(feed.Current);
                next = feed.MoveNextAsync().AsTask();
            }
            var pulse = timeProvider.GetElapsedTime(pulsedAt) >= PulseEvery;
            if (pulse)
            {
                pulsedAt = timeProvider.GetTimestamp();
                rates = await ReadRatesAsync(cancellationToken);
            }
            if (pulse || items.Count > 0)
            {
                await hub.PublishAsync(name, [.. items], rates);
            }
        }
    }

    private async Task<LiveRates> ReadRatesAsync(CancellationToken cancellationToken)
    {
        var totals = await silo.Storage.Profiles.GetTotalsAsync(cancellationToken);
        return silo.Meter.Read(totals.Segments.Sum(s => s.Customers), silo.InMemory.Customers);
    }
}
