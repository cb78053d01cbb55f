using System.Diagnostics;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>Sends the events of a simulated shop: its history as fast as they are taken, then live events at a steady rate with the time of sending.</summary>
internal sealed class SimulationTraffic(ShopSimulation shop, IEventSink sink, TimeProvider time)
{
    private const int HistoryLanes = 4;
    private const int HistoryBatchEvents = 500;
    private const int LiveSendsMax = 16;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly IEnumerator<SimulatedEvent> _events = shop.Events().GetEnumerator();
    private readonly SemaphoreSlim _sends = new(LiveSendsMax);
    private SimulatedEvent? _held;
    private long _sent;
    private long _lastMs;
    private Exception? _fault;

    /// <summary>Events committed so far.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>The shop's time of the event sent last, milliseconds since 1970-01-01 UTC.</summary>
    public long LastMs => Volatile.Read(ref _lastMs);

    /// <summary>Sends every event before a time, with the shop's times.</summary>
    public async Task SendHistoryAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        var lanes = Enumerable.Range(0, HistoryLanes).Select(_ => new SendLane(sink, HistoryBatchEvents)).ToArray();
        var untilMs = until.ToUnixTimeMilliseconds();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = Take();
            if (next.Event.TimestampMs >= untilMs)
            {
                _held = next;
                break;
            }

            await lanes[StableHash.Of(next.CustomerId) % HistoryLanes].AddAsync(next.CustomerId, next.Event, cancellationToken);
            Volatile.Write(ref _lastMs, next.Event.TimestampMs);
            Volatile.Write(ref _sent, _sent + 1);
        }

        await Task.WhenAll(lanes.Select(lane => lane.FinishAsync(cancellationToken)));
    }

    /// <summary>Sends live events until cancelled or the duration is over.</summary>
    /// <param name="eventsPerSecond">The rate to hold.</param>
    /// <param name="duration">Null for no end.</param>
    /// <param name="cancellationToken">Ends the traffic; what is on its way is waited for.</param>
    public async Task SendLiveAsync(double eventsPerSecond, TimeSpan? duration, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var taken = 0L;
        try
        {
            while (_fault is null && !(time.GetElapsedTime(started) >= duration))
            {
                var due = (long)(time.GetElapsedTime(started).TotalSeconds * eventsPerSecond);
                var batch = new Dictionary<string, List<CustomerEvent>>(StringComparer.Ordinal);
                for (; taken < due; taken++)
                {
                    var next = Take();
                    Volatile.Write(ref _lastMs, next.Event.TimestampMs);
                    if (!batch.TryGetValue(next.CustomerId, out var events))
                    {
                        batch.Add(next.CustomerId, events = []);
                    }

                    events.Add(Restamp(next.Event, time.GetUtcNow().ToUnixTimeMilliseconds()));
                }

                if (batch.Count > 0)
                {
                    await _sends.WaitAsync(cancellationToken);
                    _ = SendAsync(batch, CancellationToken.None);
                }

                await Task.Delay(Tick, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how live traffic ends.
        }

        for (var send = 0; send < LiveSendsMax; send++)
        {
            await _sends.WaitAsync(CancellationToken.None);
        }

        if (_fault is not null)
        {
            throw _fault;
        }
    }

    private async Task SendAsync(Dictionary<string, List<CustomerEvent>> batch, CancellationToken cancellationToken)
    {
        try
        {
            await sink.SendAsync([.. batch.Select(pair => new Contracts.Tracking.TrackRequest { CustomerId = pair.Key, Events = pair.Value })], cancellationToken);
            Interlocked.Add(ref _sent, batch.Values.Sum(events => events.Count));
        }
        catch (Exception e)
        {
            _fault ??= e;
        }
        finally
        {
            _sends.Release();
        }
    }

    private SimulatedEvent Take()
    {
        if (_held is { } held)
        {
            _held = null;
            return held;
        }

        var moved = _events.MoveNext();
        Debug.Assert(moved, "a simulated shop never closes");
        return _events.Current;
    }

    private static CustomerEvent Restamp(CustomerEvent original, long timeMs) => new()
    {
        MessageId = original.MessageId,
        Kind = original.Kind,
        TimestampMs = timeMs,
        Name = original.Name,
        Channel = original.Channel,
        Device = original.Device,
        Products = original.Products,
        OrderId = original.OrderId,
        Amount = original.Amount,
        Shipping = original.Shipping,
        Tax = original.Tax,
        Discount = original.Discount,
        Currency = original.Currency,
        Coupon = original.Coupon,
        Query = original.Query,
        Rating = original.Rating,
        Text = original.Text,
        Traits = original.Traits,
        SessionId = original.SessionId,
    };
}
