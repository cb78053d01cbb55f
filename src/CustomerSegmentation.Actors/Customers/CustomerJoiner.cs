using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>
/// Joins the history of one id to a customer. Each step may be repeated: closing is written once, events keep their message ids and count once, and the
/// joining customer keeps the id as pending until the end. So a crash at any point is mended by joining again.
/// </summary>
/// <param name="peers">Reaches the customer whose history joins.</param>
/// <param name="journal">Where that history is.</param>
/// <param name="track">Tracks events of the joining customer; its receipts tell whether they are in.</param>
public sealed class CustomerJoiner(ICustomerPeers peers, IJournal journal, Func<TrackRequest, CancellationToken, Task<TrackReceipt>> track)
{
    private const int EventsPerRequestMax = 500;

    /// <summary>Closes the other id, moves its events, and removes its profile.</summary>
    public async Task<JoinOutcome> JoinAsync(string customerId, string otherId, CancellationToken cancellationToken)
    {
        var closed = await peers.CloseAsync(otherId, customerId, cancellationToken);
        if (closed != JoinOutcome.Joined)
        {
            return closed;
        }
        var events = new List<CustomerEvent>();
        await foreach (var record in journal.ReadAsync(otherId, 0, cancellationToken))
        {
            events.AddRange(EventCodec.Decode(record.Payload.Span).Where(e => e.Kind != EventKind.MergedInto));
            if (events.Count >= EventsPerRequestMax)
            {
                if (!await MoveAsync(customerId, events, cancellationToken))
                {
                    return JoinOutcome.Later;
                }
                events = [];
            }
        }
        if (events.Count > 0 && !await MoveAsync(customerId, events, cancellationToken))
        {
            return JoinOutcome.Later;
        }
        await peers.RetireAsync(otherId, cancellationToken);
        return JoinOutcome.Joined;
    }

    private async Task<bool> MoveAsync(string customerId, List<CustomerEvent> events, CancellationToken cancellationToken)
    {
        var receipt = await track(new TrackRequest { CustomerId = customerId, Events = events }, cancellationToken);
        return receipt.Outcome == TrackOutcome.Committed;
    }
}
