using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>
/// Sends the events of its share of the customers in batches, one batch at a time, so that each customer's events arrive in their order.
/// </summary>
internal sealed class SendLane(IEventSink sink, int batchEvents)
{
    private Dictionary<string, List<CustomerEvent>> _batch = new(StringComparer.Ordinal);
    private int _count;
    private Task<SinkResult> _sending = Task.FromResult(default(SinkResult));
    private SinkResult _result;

    /// <summary>Adds an event; waits when a full batch finds the one before it still on its way.</summary>
    public ValueTask AddAsync(string customerId, CustomerEvent customerEvent, CancellationToken cancellationToken)
    {
        if (!_batch.TryGetValue(customerId, out var events))
        {
            _batch.Add(customerId, events = []);
        }

        events.Add(customerEvent);
        return ++_count < batchEvents ? ValueTask.CompletedTask : new ValueTask(SendAsync(cancellationToken));
    }

    /// <summary>Sends what is left and returns what became of everything.</summary>
    public async Task<SinkResult> FinishAsync(CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken);
        _result += await _sending;
        return _result;
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        _result += await _sending;
        _sending = Task.FromResult(default(SinkResult));
        if (_count == 0)
        {
            return;
        }

        List<TrackRequest> requests = [.. _batch.Select(pair => new TrackRequest { CustomerId = pair.Key, Events = pair.Value })];
        _batch = new(StringComparer.Ordinal);
        _count = 0;
        _sending = Task.Run(() => sink.SendAsync(requests, cancellationToken), cancellationToken);
    }
}
