using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>Drops the events of a request that came before.</summary>
internal static class DuplicateFilter
{
    /// <summary>Up to so many events are looked up among one another by their hashes; a set pays above it.</summary>
    public const int ComparedMax = 128;

    /// <param name="window">The customer's latest message ids.</param>
    /// <param name="events">The request's events.</param>
    /// <param name="known">Message ids that the journal was found to hold; null when it was not asked.</param>
    /// <param name="hashes">A place for each event; takes the <see cref="DuplicateWindow.HashOf"/> of those that are new, in their order.</param>
    /// <param name="needsJournal">Whether the window cannot know: ask the journal, then come again.</param>
    /// <returns>The events that are new; the same list when all are.</returns>
    public static IReadOnlyList<CustomerEvent> Apply(
        DuplicateWindow window, IReadOnlyList<CustomerEvent> events, IReadOnlySet<string>? known, Span<ulong> hashes, out bool needsJournal)
    {
        needsJournal = false;
        List<CustomerEvent>? kept = null;
        var seen = events.Count > ComparedMax ? new HashSet<string>(events.Count, StringComparer.Ordinal) : null;
        var count = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            var hash = DuplicateWindow.HashOf(e.MessageId);

            // What is not kept is a repeat: of the window, of the journal, or of one that was kept. So those who were kept are all there is to compare with.
            var repeated = window.Contains(hash) || known?.Contains(e.MessageId) == true
                || (seen is null ? hashes[..count].Contains(hash) && IsRepeated(kept ?? events, count, e.MessageId) : !seen.Add(e.MessageId));
            if (!repeated && known is null && window.MayHaveForgotten(e.TimestampMs))
            {
                needsJournal = true;
                return [];
            }
            if (repeated)
            {
                kept ??= [.. events.Take(i)];
                continue;
            }
            hashes[count++] = hash;
            kept?.Add(e);
        }
        return kept ?? events;
    }

    private static bool IsRepeated(IReadOnlyList<CustomerEvent> kept, int count, string messageId)
    {
        for (var i = 0; i < count; i++)
        {
            if (string.Equals(kept[i].MessageId, messageId, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }
}
