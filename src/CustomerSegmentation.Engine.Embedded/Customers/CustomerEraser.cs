using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Engine.Embedded.Activations;
using CustomerSegmentation.Engine.Embedded.Live;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <summary>
/// Erases a person: all ids together, in one transaction of the storage, while the turns of all of them are held. So an erasure is done or it is not, however
/// it ends, and nobody joins or is named in between.
/// </summary>
internal sealed class CustomerEraser(
    CustomerTurns turns, PersonFinder persons, ICustomerStore store, Func<ProfileChanges, Task> onChanges, LiveFeed feed, TimeProvider timeProvider)
{
    public async Task<ErasureReceipt> EraseAsync(string customerId, CancellationToken cancellationToken)
    {
        var cells = await persons.EnterAllAsync(customerId, cancellationToken);
        ErasedCustomer erased;
        var left = new List<(string CustomerId, string Segment, int Version)>();
        try
        {
            foreach (var cell in cells)
            {
                if (cell.Actor!.State is { MergedInto: null, Assignment: { } assignment })
                {
                    left.Add((cell.CustomerId, assignment.Segment, assignment.Version));
                }
            }
            erased = await store.EraseAsync([.. cells.Select(c => c.CustomerId)], CancellationToken.None);
            foreach (var cell in cells)
            {
                turns.Forget(cell);
            }
        }
        finally
        {
            foreach (var cell in cells)
            {
                if (!cell.Removed)
                {
                    // How it ended is unknown: whatever is in memory may be erased.
                    turns.Discard(cell);
                }
                turns.Exit(cell);
            }
        }
        await onChanges(erased.Changes);
        var now = timeProvider.GetUtcNow();
        left.ForEach(l => Publish(l.CustomerId, l.Segment, l.Version, now));
        return new ErasureReceipt
        {
            Id = customerId,
            ErasedAt = now,
            Events = erased.Events,
            States = erased.States,
            Profiles = erased.Profiles,
            Rejections = erased.Rejections,
        };
    }

    private void Publish(string id, string from, int version, DateTimeOffset now) => feed.Publish(new LiveEvent
    {
        Time = now,
        Transition = new SegmentTransition { CustomerId = id, From = from, To = null, Time = now, Version = version, Cause = "erasure" },
    });
}
