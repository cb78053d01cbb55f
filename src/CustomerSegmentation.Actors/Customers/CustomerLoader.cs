using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Customers;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>Recovery of a customer: the snapshot, the journal after it, and the segment that a re-clustering gave meanwhile.</summary>
public sealed class CustomerLoader(IStorage storage, Action<string, CorruptStateException> onCorruptSnapshot)
{
    /// <summary>The customer; a new one when the storage never heard of the id.</summary>
    public async ValueTask<LoadedCustomer> LoadAsync(string customerId, CancellationToken cancellationToken)
    {
        var stored = await storage.Customers.LoadAsync(customerId, cancellationToken);
        if (stored is null)
        {
            return new LoadedCustomer(new CustomerState(customerId), 0, Erased: false, Replayed: false);
        }
        if (stored.Erased)
        {
            return new LoadedCustomer(new CustomerState(customerId), stored.Key, Erased: true, Replayed: false);
        }
        var state = ReadSnapshot(customerId, stored);
        var before = state.Sequence;
        if (stored.JournalSequence > state.Sequence)
        {
            await foreach (var record in storage.Journal.ReadAsync(customerId, state.Sequence, cancellationToken))
            {
                var events = EventCodec.Decode(record.Payload.Span);
                for (var i = 0; i < events.Count; i++)
                {
                    if (record.FirstSequence + i == state.Sequence + 1)
                    {
                        CustomerReplay.Apply(state, events[i]);
                    }
                }
            }
        }
        AdoptAssignment(state, stored);
        return new LoadedCustomer(state, stored.Key, Erased: false, Replayed: state.Sequence > before);
    }

    private CustomerState ReadSnapshot(string customerId, StoredCustomer stored)
    {
        if (stored.State.IsEmpty)
        {
            return new CustomerState(customerId);
        }
        try
        {
            var state = CustomerState.Read(stored.State.Span);
            return state.CustomerId == customerId
                ? state
                : throw new CorruptStateException(customerId, $"it names the customer {state.CustomerId}.");
        }
        catch (CorruptStateException e)
        {
            onCorruptSnapshot(customerId, e);
            return new CustomerState(customerId);
        }
    }

    /// <summary>A re-clustering assigns customers in the profile index; the one who was not awake learns of it here.</summary>
    private static void AdoptAssignment(CustomerState state, StoredCustomer stored)
    {
        if (stored.Assignment is not { } row || (state.Assignment is { } own && own.Activation >= row.Activation))
        {
            return;
        }
        if (state.Assignment?.Segment != row.Segment)
        {
            state.AddTransition(new SegmentTransition
            {
                CustomerId = state.CustomerId,
                From = state.Assignment?.Segment,
                To = row.Segment,
                Time = DateTimeOffset.FromUnixTimeMilliseconds(row.SinceMs),
                Version = row.Version,
                Cause = "segmentation",
            });
        }
        state.Assignment = new SegmentAssignment(row.Segment, row.Version, row.Activation, (float)row.Probability, row.SinceMs);
    }
}
