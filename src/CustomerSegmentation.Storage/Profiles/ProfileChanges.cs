using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Storage.Profiles;

/// <summary>How one committed write of profile rows changed the segments.</summary>
/// <param name="Revision">Grows with each such commit.</param>
/// <param name="Deltas">One per segment touched; the key of unassigned customers is the empty string.</param>
public sealed record ProfileChanges(long Revision, IReadOnlyList<SegmentDelta> Deltas)
{
    public static ProfileChanges None { get; } = new(0, []);

    /// <summary>Both together, under the later revision.</summary>
    internal ProfileChanges Then(ProfileChanges next)
    {
        if (Deltas.Count == 0 || next.Deltas.Count == 0)
        {
            return Deltas.Count == 0 ? next : this;
        }

        var deltas = Deltas.Concat(next.Deltas)
            .GroupBy(d => d.Key, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new SegmentDelta
            {
                Key = g.Key,
                Revision = next.Revision,
                Customers = g.Sum(d => d.Customers),
                Monetary = MonetaryUnits.ToAmount(g.Sum(d => MonetaryUnits.FromAmount(d.Monetary))),
            });
        return new ProfileChanges(next.Revision, [.. deltas]);
    }
}
