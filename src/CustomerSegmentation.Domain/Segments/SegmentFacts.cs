using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>A profile as the vocabulary sees it: effects by axis, and what typical customers did in absolute terms.</summary>
internal sealed class SegmentFacts
{
    // An effect beyond this says nothing more about the name.
    private const double EffectMax = 2;

    private static readonly string[][] FeaturesOfAxis =
    [
        ["recencyDays"],
        ["frequency"],
        ["monetary"],
        ["tenureDays"],
        ["averageOrderValue"],
        ["basketUnits"],
        ["discountedOrderShare", "discountShare"],
        ["refundShare", "refundsPerOrder"],
        ["views30d", "views"],
    ];

    private readonly SegmentProfile _profile;
    private readonly Dictionary<string, int> _index;
    private readonly double[] _effects;

    public SegmentFacts(IReadOnlyList<FeatureColumn> columns, SegmentProfile profile)
    {
        _profile = profile;
        _index = columns.ToDictionary(column => column.Name, column => column.Index, StringComparer.Ordinal);
        _effects = [.. FeaturesOfAxis.Select(names => names
            .Where(_index.ContainsKey)
            .Select(name => Math.Clamp(profile.Effects[_index[name]], -EffectMax, EffectMax))
            .FirstOrDefault())];
    }

    public SegmentProfile Profile => _profile;

    public double Orders => Median("frequency");

    public double RecencyDays => Median("recencyDays");

    public double TenureDays => Median("tenureDays");

    /// <summary>Typical days between orders; 0 where a typical customer has fewer than two.</summary>
    public double GapDays => Median("orderGapDays");

    /// <summary>Whether the last order is longer ago than the customers' rhythm explains.</summary>
    public bool IsOverdue => GapDays > 0 ? RecencyDays > 1.5 * GapDays : this[SegmentAxis.Recency] > 0.3;

    /// <summary>Whether a typical customer sent something back and ordered nothing: the orders are older than the records.</summary>
    public bool HasReturnsOnly => Orders < 1 && Median("refunds") >= 1;

    public double this[SegmentAxis axis] => _effects[(int)axis];

    /// <summary>The typical value of a feature, in its unit; 0 where the schema lacks it.</summary>
    public double Median(string feature) => _index.TryGetValue(feature, out var index) ? _profile.Medians[index] : 0;
}
