using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Engine.Live;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Customers;

/// <summary>
/// Erases a person: all ids together, in one transaction of the storage, while the turns of all of them are held. So an erasure is done or it is not, however
/// it ends, and nobody joins or is named in between.
/// </summary>
internal sealed class CustomerEraser(
    PersonFinder persons, ICustomerStore store, Func<ProfileChanges, Task> onChanges, LiveFeed feed, TimeProvider timeProvider)
{
    public async Task<ErasureReceipt> EraseAsync(string customerId, CancellationToken cancellationToken)
    {
        var held = await persons.HoldAllAsync(customerId, cancellationToken);
        // Until it is known that all was erased, whatever is in memory may be.
        var end = HoldEnd.Discarded;
        ErasedCustomer erased;
        try
        {
            erased = await store.EraseAsync([.. held.Select(c => c.CustomerId)], CancellationToken.None);
            end = HoldEnd.Forgotten;
        }
        finally
        {
            foreach (var customer in held)
            {
                await customer.ReleaseAsync(end);
            }
        }
        await onChanges(erased.Changes);
        var now = timeProvider.GetUtcNow();
        foreach (var customer in held)
        {
            if (customer is { MergedInto: null, Segment: { } segment })
            {
                Publish(customer.CustomerId, segment, customer.SegmentVersion, now);
            }
        }
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
