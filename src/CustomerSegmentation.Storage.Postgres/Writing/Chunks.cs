using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>Long writes of profile rows, cut into transactions that are short enough to fit between two commit groups.</summary>
internal static class Chunks
{
    public static async Task<ProfileChanges> PostAsync(
        WriteQueue queue, int total, int chunk, Func<WriterSession, int, int, Task<ProfileChanges>> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var changes = ProfileChanges.None;
        for (var start = 0; start < total; start += chunk)
        {
            var (from, count) = (start, Math.Min(chunk, total - start));
            changes = Add(changes, await queue.PostAsync(session => write(session, from, count), cancellationToken));
        }

        return changes;
    }

    private static ProfileChanges Add(ProfileChanges first, ProfileChanges second)
    {
        if (first.Deltas.Count == 0 || second.Deltas.Count == 0)
        {
            return first.Deltas.Count == 0 ? second : first;
        }

        var deltas = first.Deltas.Concat(second.Deltas)
            .GroupBy(d => d.Key, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new SegmentDelta
            {
                Key = g.Key,
                Revision = second.Revision,
                Customers = g.Sum(d => d.Customers),
                Monetary = MonetaryUnits.ToAmount(g.Sum(d => MonetaryUnits.FromAmount(d.Monetary))),
            });
        return new ProfileChanges(second.Revision, [.. deltas]);
    }
}
