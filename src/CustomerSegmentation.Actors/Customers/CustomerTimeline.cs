using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>Reads a customer's committed events back from the journal.</summary>
public static class CustomerTimeline
{
    /// <summary>The latest events below a sequence number, newest first, one more than asked for when there is more.</summary>
    public static async Task<List<TimelineItem>> ReadAsync(
        IJournal journal, string customerId, long before, int limit, CancellationToken cancellationToken)
    {
        var items = new List<TimelineItem>(limit + 1);
        await foreach (var record in journal.ReadBackwardsAsync(customerId, before, cancellationToken))
        {
            var events = EventCodec.Decode(record.Payload.Span);
            for (var i = events.Count - 1; i >= 0 && items.Count <= limit; i--)
            {
                var sequence = record.FirstSequence + i;
                if (sequence < before)
                {
                    items.Add(CustomerViews.Timeline(sequence, events[i]));
                }
            }
            if (items.Count > limit)
            {
                break;
            }
        }
        return items;
    }

    /// <summary>The first so many events, oldest first, as they are kept.</summary>
    public static async IAsyncEnumerable<ExportedEvent> ReadAllAsync(
        IJournal journal, string customerId, long count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (count == 0)
        {
            yield break;
        }
        await foreach (var record in journal.ReadAsync(customerId, 0, cancellationToken))
        {
            var events = EventCodec.Decode(record.Payload.Span);
            for (var i = 0; i < events.Count && record.FirstSequence + i <= count; i++)
            {
                yield return new ExportedEvent { CustomerId = customerId, Sequence = record.FirstSequence + i, Event = events[i] };
            }
            if (record.FirstSequence + record.Count > count)
            {
                break;
            }
        }
    }

    /// <summary>Adds the ids that a customer's events ever named as its own, whether or not their histories joined.</summary>
    public static async ValueTask FindNamedIdsAsync(IJournal journal, string customerId, ISet<string> into, CancellationToken cancellationToken)
    {
        await foreach (var record in journal.ReadAsync(customerId, 0, cancellationToken))
        {
            foreach (var e in EventCodec.Decode(record.Payload.Span))
            {
                if (e.Kind is EventKind.TraitsIdentified or EventKind.Aliased && e.OtherId is { } other)
                {
                    into.Add(other);
                }
            }
        }
    }

    /// <summary>Which of these events the journal holds already, by message id.</summary>
    public static async ValueTask<IReadOnlySet<string>> FindKnownAsync(
        IJournal journal, string customerId, IReadOnlyList<CustomerEvent> events, CancellationToken cancellationToken)
    {
        var asked = events.Select(e => e.MessageId).ToHashSet(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var record in journal.ReadAsync(customerId, 0, cancellationToken))
        {
            foreach (var e in EventCodec.Decode(record.Payload.Span))
            {
                if (asked.Contains(e.MessageId))
                {
                    known.Add(e.MessageId);
                }
            }
        }
        return known;
    }
}
