using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Client;

/// <summary>
/// One call of a customer's at a time: what is tracked of the customer meanwhile gathers and goes together in the next one, in the order in which it came. Nobody waits for
/// company: a customer without a call under way is called at once.
/// </summary>
/// <param name="send">Calls a customer with several requests and gives a receipt for each; whether it is tried again is its own matter.</param>
/// <param name="options">Bounds.</param>
internal sealed class CustomerCalls(Func<TrackRequest[], CancellationToken, Task<IReadOnlyList<TrackReceipt>>> send, ClientOptions options)
{
    private readonly ConcurrentDictionary<string, CustomerLane> _lanes = new(StringComparer.Ordinal);
    private long _events;
    private long _bytes;

    /// <param name="requests">One customer's, in order; one or more.</param>
    /// <param name="cancellationToken">
    /// Takes back what waits. A call that is under way is cancelled when everybody who is in it has cancelled; who has not gets a receipt.
    /// </param>
    /// <returns>A receipt for each request.</returns>
    public async Task<IReadOnlyList<TrackReceipt>> TrackAsync(TrackRequest[] requests, CancellationToken cancellationToken)
    {
        var size = CallSize.Of(requests);
        var (events, bytes) = (Interlocked.Add(ref _events, size.Events), Interlocked.Add(ref _bytes, size.Bytes));
        try
        {
            if (events - size.Events >= options.PendingEventsMax || bytes - size.Bytes >= options.PendingBytesMax)
            {
                var refused = new TrackReceipt { Outcome = TrackOutcome.Overloaded, Reason = "too many events of this client wait for an answer" };
                return [.. Enumerable.Repeat(refused, requests.Length)];
            }
            cancellationToken.ThrowIfCancellationRequested();
            var id = requests[0].CustomerId;
            WaitingCall? call = null;
            var own = new CustomerLane();
            while (!TryBegin(id, own, out var busy))
            {
                if (busy.TryQueue(call ??= new WaitingCall(requests, size)))
                {
                    return await WaitAsync(busy, call, cancellationToken);
                }
            }
            try
            {
                return await send(requests, cancellationToken);
            }
            finally
            {
                SendGathered(id, own);
            }
        }
        finally
        {
            Interlocked.Add(ref _events, -size.Events);
            Interlocked.Add(ref _bytes, -size.Bytes);
        }
    }

    /// <summary>Whether nobody calls the customer now: then the caller does.</summary>
    private bool TryBegin(string id, CustomerLane own, [NotNullWhen(false)] out CustomerLane? busy)
    {
        while (!_lanes.TryAdd(id, own))
        {
            if (_lanes.TryGetValue(id, out busy) && !(busy.HasEnded && _lanes.TryUpdate(id, own, busy)))
            {
                return false;
            }
        }
        busy = null;
        return true;
    }

    private static async Task<IReadOnlyList<TrackReceipt>> WaitAsync(CustomerLane lane, WaitingCall call, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var (lane, call) = ((CustomerLane, WaitingCall))state!;
                lane.Leave(call);
                call.Receipts.TrySetCanceled(token);
            },
            (lane, call));
        return await call.Receipts.Task;
    }

    private void SendGathered(string id, CustomerLane lane)
    {
        if (Take(id, lane) is { } batch)
        {
            // On a thread without this caller's context: what gathered is not part of this caller's trace.
            ThreadPool.UnsafeQueueUserWorkItem(
                static work => _ = work.Calls.SendGatheredAsync(work.Id, work.Lane, work.Batch), (Calls: this, Id: id, Lane: lane, Batch: batch), preferLocal: true);
        }
    }

    /// <summary>Until nobody waits; never throws.</summary>
    private async Task SendGatheredAsync(string id, CustomerLane lane, GatheredCalls? batch)
    {
        for (; batch is not null; batch = Take(id, lane))
        {
            await SendAsync(batch);
        }
    }

    private GatheredCalls? Take(string id, CustomerLane lane)
    {
        var batch = lane.TakeOrEnd(options.BatchEventsMax, options.BatchBytesMax);
        if (batch is null)
        {
            _lanes.TryRemove(KeyValuePair.Create(id, lane));
        }
        return batch;
    }

    private async Task SendAsync(GatheredCalls batch)
    {
        try
        {
            var receipts = await send([.. batch.Calls.SelectMany(c => c.Requests)], batch.Abandoned);
            var first = 0;
            foreach (var call in batch.Calls)
            {
                call.Receipts.TrySetResult([.. receipts.Skip(first).Take(call.Requests.Length)]);
                first += call.Requests.Length;
            }
        }
        catch (Exception e) when (batch.Calls.Count == 1 || e is OperationCanceledException)
        {
            batch.Calls.ForEach(c => c.Receipts.TrySetException(e));
        }
        catch (Exception)
        {
            // What is wrong with one of them is no matter of the others. Message ids make it safe to send again.
            foreach (var call in batch.Calls.Where(c => !c.Receipts.Task.IsCompleted))
            {
                await SendAsync(new GatheredCalls([call]));
            }
        }
    }
}
