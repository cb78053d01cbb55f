using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Storage.InMemory;

/// <summary>What outlives a storage instance: the counterpart of a database file. Everything is guarded by <see cref="Gate"/>.</summary>
internal sealed class InMemoryData
{
    public Lock Gate { get; } = new();

    public Dictionary<string, InMemoryCustomer> ById { get; } = new(StringComparer.Ordinal);
    public SortedDictionary<long, InMemoryCustomer> ByKey { get; } = [];
    public HashSet<string> Erased { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, (long Customers, long Units)> Totals { get; } = new(StringComparer.Ordinal);
    public Dictionary<(long Hour, string? From, string? To), long> Flows { get; } = [];
    public SortedDictionary<int, SegmentationRecord> Segmentations { get; } = [];
    public SortedDictionary<string, AudienceRecord> Audiences { get; } = new(StringComparer.Ordinal);

    public InMemoryModels Models { get; } = new();

    /// <summary>Oldest first.</summary>
    public Queue<RejectionView> Rejections { get; } = new();

    public ActiveSegmentation? Active { get; set; }
    public int LastVersion { get; set; }
    public long LastKey { get; set; }
    public long LastRejection { get; set; }
    public long Revision { get; set; }
    public long LatestEventMs { get; set; }
    public bool CleanStop { get; set; } = true;

    /// <summary>Replaces a profile row (null for none) and gathers the differences of the segments; the caller holds <see cref="Gate"/>.</summary>
    public void ReplaceRow(InMemoryCustomer customer, ProfileRow? row, Dictionary<string, (long Customers, long Units)> moved)
    {
        if (customer.Row is { } old)
        {
            Move(moved, old.Assignment?.Segment ?? "", -1, -MonetaryUnits.FromAmount(old.Monetary));
        }

        if (row is not null)
        {
            Move(moved, row.Assignment?.Segment ?? "", 1, MonetaryUnits.FromAmount(row.Monetary));
        }

        customer.Row = row;
    }

    /// <summary>Books gathered differences under a new revision; the caller holds <see cref="Gate"/>.</summary>
    public ProfileChanges Book(Dictionary<string, (long Customers, long Units)> moved)
    {
        if (moved.Count == 0)
        {
            return ProfileChanges.None;
        }

        Revision++;
        var deltas = new List<SegmentDelta>(moved.Count);
        foreach (var (segment, (customers, units)) in moved.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            Move(Totals, segment, customers, units);
            deltas.Add(new SegmentDelta
            {
                Key = segment,
                Revision = Revision,
                Customers = customers,
                Monetary = MonetaryUnits.ToAmount(units),
            });
        }

        return new ProfileChanges(Revision, deltas);
    }

    /// <summary>Counts a move between segments in the hour of <paramref name="atMs"/>; the caller holds <see cref="Gate"/>.</summary>
    public void CountFlow(string? from, string? to, long atMs)
    {
        var flow = (FlowHours.FromMs(atMs), from, to);
        Flows[flow] = Flows.GetValueOrDefault(flow) + 1;
    }

    private static void Move(Dictionary<string, (long Customers, long Units)> totals, string segment, long customers, long units)
    {
        var (c, u) = totals.GetValueOrDefault(segment);
        totals[segment] = (c + customers, unchecked(u + units));
    }
}
