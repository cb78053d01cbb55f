using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Engine.Live;
using CustomerSegmentation.Engine.Orleans.Silos;
using Orleans.Concurrency;

namespace CustomerSegmentation.Engine.Orleans.Live;

/// <summary>Hands what happens on all silos to every reader, and adds their pulses up.</summary>
[Reentrant]
internal sealed class LiveGrain(SiloCustomers silo, TimeProvider timeProvider) : Grain, ILiveGrain
{
    /// <summary>The pulse of a silo that says nothing for so long is left out.</summary>
    private static readonly TimeSpan PulseAgeMax = TimeSpan.FromSeconds(3);

    private readonly LiveFeed _feed = new(silo.Options.LiveItemsMax, silo.Options.LiveReadersMax);
    private readonly Dictionary<string, (LiveRates Rates, long At)> _pulses = new(StringComparer.Ordinal);
    private long _summedAt;

    public Task PublishAsync(string silo, LiveEvent[] items, LiveRates rates)
    {
        foreach (var item in items)
        {
            _feed.Publish(item);
        }
        _pulses[silo] = (rates, timeProvider.GetTimestamp());
        if (timeProvider.GetElapsedTime(_summedAt) >= TimeSpan.FromSeconds(1))
        {
            _summedAt = timeProvider.GetTimestamp();
            _feed.Publish(new LiveEvent { Time = timeProvider.GetUtcNow(), Rates = Sum() });
        }
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<LiveEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in _feed.ReadAsync(cancellationToken))
        {
            yield return item;
        }
    }

    private LiveRates Sum()
    {
        foreach (var quiet in _pulses.Where(p => timeProvider.GetElapsedTime(p.Value.At) > PulseAgeMax).Select(p => p.Key).ToList())
        {
            _pulses.Remove(quiet);
        }
        var pulses = _pulses.Values.Select(p => p.Rates).ToList();
        return new LiveRates
        {
            EventsPerSecond = pulses.Sum(r => r.EventsPerSecond),
            RejectionsPerSecond = pulses.Sum(r => r.RejectionsPerSecond),
            TransitionsPerSecond = pulses.Sum(r => r.TransitionsPerSecond),
            Events = pulses.Sum(r => r.Events),
            Rejections = pulses.Sum(r => r.Rejections),
            // Every silo reads the same profile index.
            Customers = pulses.Max(r => r.Customers),
            ActiveCustomers = pulses.Sum(r => r.ActiveCustomers),
        };
    }
}
