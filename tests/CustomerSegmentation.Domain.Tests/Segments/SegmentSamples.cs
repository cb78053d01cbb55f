using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Domain.Tests.Segments;

/// <summary>Feature vectors and segmentations made by hand.</summary>
internal static class SegmentSamples
{
    public const long NowMs = 1_700_000_000_000;
    public const long DayMs = 86_400_000;

    public static FeatureSchema Schema => FeatureSchema.Current;

    public static float[] Vector(params (string Feature, double Value)[] values)
    {
        var vector = new float[Schema.Count];
        foreach (var (feature, value) in values)
        {
            vector[Schema.IndexOf(feature)] = (float)value;
        }

        return vector;
    }

    public static SegmentSpaceColumn Column(string feature, double mean, double deviation, bool isLog = true, double median = 0) => new()
    {
        Feature = feature,
        Index = Schema.IndexOf(feature),
        Unit = Schema.Columns[Schema.IndexOf(feature)].Unit,
        IsLog = isLog,
        Mean = (float)mean,
        Deviation = (float)deviation,
        Median = (float)median,
    };

    public static Segment Segment(string key, params float[] centroid) =>
        new() { Key = key, Name = char.ToUpperInvariant(key[0]) + key[1..], Description = $"About {key}.", Centroid = centroid, BornInVersion = 1 };

    /// <summary>Active (recent, many orders), lapsing (not recent, many orders) and occasional (not recent, few orders).</summary>
    public static Segmentation ThreeSegments(float temperature = 0.5f, float stayMargin = 0.1f) => new(
        3,
        Schema.Hash,
        new SegmentSpace([Column("recencyDays", 3, 1, median: 20), Column("frequency", 1.2, 0.6, median: 2)]),
        [Segment("active", -1.2f, 1), Segment("lapsing", 0.8f, 1), Segment("occasional", 0.6f, -0.9f)],
        temperature)
    {
        StayMargin = stayMargin,
    };

    public static SegmentationState FullState() => new()
    {
        Version = 3,
        Status = SegmentationStatus.Active,
        Request = new SegmentationRequest { SegmentCount = 3, MinSegments = 2, MaxSegments = 9, Activate = false, Seed = 77, RequestedBy = "command" },
        StartedAtMs = NowMs,
        FinishedAtMs = NowMs + 5,
        ActivatedAtMs = NowMs + 9,
        Activation = 4,
        Step = SegmentationSteps.Done,
        Error = "an earlier try failed",
        Fitted = new Segmentation(
            3,
            "abc",
            new SegmentSpace([Column("recencyDays", 3, 1, median: 20) with { Clip = 3, Weight = 0.5f }, Column("frequency", 1.2, 0.6)]),
            [
                Segment("active", -1.25f, 1) with
                {
                    Advice = "Keep them.",
                    SizeAtFit = 12,
                    MonetaryAtFit = 345.5,
                    Distinguishing = [new DistinguishingFeature { Feature = "frequency", Effect = 1.5, Typical = 9, Overall = 2, Unit = "orders" }],
                },
                Segment("lapsing", 0.75f, 1),
            ],
            0.5f)
        {
            StayMargin = 0.25f,
            ReferenceTimeMs = NowMs - 1,
            Customers = 20,
            Seed = 77,
            Metrics = new SegmentationMetrics
            {
                SegmentCount = 2,
                MeanSquaredDistance = 1.5,
                Silhouette = 0.25,
                Stability = 0.875,
                Candidates = [new SegmentCountScore { SegmentCount = 2, Silhouette = 0.25, Stability = 0.875, StabilityDeviation = 0.125 }],
            },
            Previous = 2,
            Lineage =
            [
                new SegmentLineage { Change = "kept", Key = "active", Retained = 0.75 },
                new SegmentLineage { Change = "split", Key = "lapsing", Related = ["active"] },
            ],
            Moves = [new SegmentFlow { From = null, To = "active", Customers = 3 }, new SegmentFlow { From = "gone", To = "lapsing", Customers = 2 }],
            KeysGiven = ["gone", "active", "lapsing"],
        },
    };
}
