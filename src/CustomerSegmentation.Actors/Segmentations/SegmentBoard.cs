using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>All segments of the segmentation in force with their sizes and shares now.</summary>
public sealed class SegmentBoard(IProfileIndex profiles, IActiveSegmentation active)
{
    /// <summary>
    /// The segments, largest monetary share first. Customers whose row still names a segment that the version lacks (they are being re-assigned) count as
    /// unassigned.
    /// </summary>
    public async Task<SegmentsView> GetAsync(CancellationToken cancellationToken = default)
    {
        var totals = await profiles.GetTotalsAsync(cancellationToken);
        return Compose(totals, active.Current);
    }

    /// <summary>Puts totals and the segmentation in force together.</summary>
    public static SegmentsView Compose(ProfileTotals totals, ActivatedSegmentation? active)
    {
        ArgumentNullException.ThrowIfNull(totals);
        var customers = totals.Segments.Sum(total => total.Customers);
        if (active is null)
        {
            return new SegmentsView { Segments = [], Customers = customers, Unassigned = customers };
        }

        var segmentation = active.Segmentation;
        var sizes = new long[segmentation.Segments.Count];
        var money = new double[sizes.Length];
        foreach (var total in totals.Segments)
        {
            var index = segmentation.IndexOf(total.Key);
            if (index >= 0)
            {
                sizes[index] = total.Customers;
                money[index] = total.Monetary;
            }
        }

        var assigned = sizes.Sum();
        var assignedMonetary = money.Sum();
        return new SegmentsView
        {
            Version = segmentation.Version,
            Segments =
            [
                .. segmentation.Segments
                    .Select((segment, i) => SegmentationViews.Of(segment, sizes[i], money[i], assigned, assignedMonetary))
                    .OrderByDescending(segment => segment.MonetaryShare),
            ],
            Customers = customers,
            Unassigned = customers - assigned,
        };
    }
}
