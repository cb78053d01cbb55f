using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>
/// One segment's live size and money. Its engine gives it one turn at a time. The baseline is the profile index's totals at a revision; deltas of later
/// revisions are added, others are in the baseline already.
/// </summary>
public sealed class SegmentActor(string key, IProfileIndex profiles, IActiveSegmentation active, TimeProvider clock) : ISegmentActor
{
    /// <summary>How old the totals of all segments, which shares refer to, may be: 1 second.</summary>
    public static readonly TimeSpan SharesAgeMax = TimeSpan.FromSeconds(1);

    private ProfileTotals? _totals;
    private long _totalsAt;
    private long _revision;
    private long _customers;
    private double _monetary;

    /// <inheritdoc/>
    public async Task<SegmentView?> GetAsync(CancellationToken cancellationToken = default)
    {
        var current = active.Current;
        var index = current?.Segmentation.IndexOf(key) ?? -1;
        if (current is null || index < 0)
        {
            return null;
        }

        if (_totals is null || clock.GetElapsedTime(_totalsAt) >= SharesAgeMax)
        {
            Take(await profiles.GetTotalsAsync(cancellationToken));
        }

        long others = 0;
        double othersMonetary = 0;
        foreach (var total in _totals!.Segments)
        {
            if (total.Key != key && current.Segmentation.IndexOf(total.Key) >= 0)
            {
                others += total.Customers;
                othersMonetary += total.Monetary;
            }
        }

        return SegmentationViews.Of(
            current.Segmentation.Segments[index], _customers, _monetary, others + _customers, othersMonetary + _monetary);
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(SegmentDelta delta, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delta);
        if (delta.Key != key)
        {
            throw new ArgumentException($"A change of {delta.Key} came to segment {key}.", nameof(delta));
        }

        if (_totals is null)
        {
            Take(await profiles.GetTotalsAsync(cancellationToken));
        }

        if (delta.Revision > _revision)
        {
            _revision = delta.Revision;
            _customers += delta.Customers;
            _monetary += delta.Monetary;
        }
    }

    private void Take(ProfileTotals totals)
    {
        _totals = totals;
        _totalsAt = clock.GetTimestamp();

        // Deltas may run ahead of a read that began before them.
        if (totals.Revision >= _revision)
        {
            var own = totals.Segments.FirstOrDefault(total => total.Key == key);
            _revision = totals.Revision;
            _customers = own?.Customers ?? 0;
            _monetary = own?.Monetary ?? 0;
        }
    }
}
