using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>Drops the events of a request that came before.</summary>
internal static class DuplicateFilter
{
    /// <summary>Up to so many events are compared with one another; a set pays above it.</summary>
    private const int ComparedMax = 8;

    /// <param name="window">The customer's latest message ids.</param>
    /// <param name="events">The request's events.</param>
    /// <param name="known">Message ids that the journal was found to hold; null when it was not asked.</param>
    /// <param name="needsJournal">Whether the window cannot know: ask the journal, then come again.</param>
    /// <returns>The events that are new; the same list when all are.</returns>
    public static IReadOnlyList<CustomerEvent> Apply(
        DuplicateWindow window, IReadOnlyList<CustomerEvent> events, IReadOnlySet<string>? known, out bool needsJournal)
    {
        needsJournal = false;
        List<CustomerEvent>? kept = null;
        HashSet<string>? seen = events.Count > ComparedMax ? new HashSet<string>(events.Count, StringComparer.Ordinal) : null;
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            var repeated = window.Contains(e.MessageId) || known?.Contains(e.MessageId) == true
                || (seen is null ? IsRepeated(events, i) : !seen.Add(e.MessageId));
            if (!repeated && known is null && window.MayHaveForgotten(e.TimestampMs))
            {
                needsJournal = true;
                return [];
            }
            if (repeated)
            {
                kept ??= [.. events.Take(i)];
            }
            else
            {
                kept?.Add(e);
            }
        }
        return kept ?? events;
    }

    private static bool IsRepeated(IReadOnlyList<CustomerEvent> events, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (string.Equals(events[i].MessageId, events[index].MessageId, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }
}
