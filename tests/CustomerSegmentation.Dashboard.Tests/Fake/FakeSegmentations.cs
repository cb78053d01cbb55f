using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Dashboard.Tests.Fake;

/// <summary>Versions of the segmentation, and one that can be made to run step by step.</summary>
internal sealed class FakeSegmentations(DateTimeOffset now)
{
    private readonly List<SegmentationView> _versions =
    [
        Version(1, SegmentationStatus.Ready, now.AddDays(-60), 0.31, 0.83),
        Version(2, SegmentationStatus.Failed, now.AddDays(-30), 0, 0),
        Version(3, SegmentationStatus.Active, now.AddDays(-7), 0.34, 0.91),
        Version(4, SegmentationStatus.Ready, now.AddHours(-2), 0.36, 0.88),
    ];

    public IReadOnlyList<SegmentationView> NewestFirst => [.. _versions.OrderByDescending(version => version.Version)];

    public SegmentationView? Find(int version) => _versions.FirstOrDefault(candidate => candidate.Version == version);

    public SegmentationRequest? LastRequest { get; private set; }

    public SegmentationView Start(SegmentationRequest request)
    {
        LastRequest = request;
        var view = Version(_versions.Count + 1, SegmentationStatus.Running, now, 0, 0, "reading", 0.02);
        _versions.Add(view);
        return view;
    }

    /// <summary>Sets where a version stands and gives it as the live stream shows it.</summary>
    public SegmentationView Set(int version, SegmentationStatus status, string step, double progress)
    {
        var index = _versions.FindIndex(candidate => candidate.Version == version);
        if (status == SegmentationStatus.Active)
        {
            var active = _versions.FindIndex(candidate => candidate.Status == SegmentationStatus.Active);
            if (active >= 0) _versions[active] = Version(_versions[active].Version, SegmentationStatus.Ready, now.AddDays(-7), 0.34, 0.91);
        }

        return _versions[index] = Version(version, status, now, 0.36, 0.88, step, progress);
    }

    private static SegmentationView Version(
        int version, SegmentationStatus status, DateTimeOffset started, double silhouette, double stability, string step = "done", double progress = 1) => new()
        {
            Version = version,
            Status = status,
            Step = step,
            Progress = progress,
            StartedAt = started,
            FinishedAt = status == SegmentationStatus.Running ? null : started.AddSeconds(42.5),
            ActivatedAt = status == SegmentationStatus.Active ? started.AddSeconds(50) : null,
            RequestedBy = version % 2 == 0 ? "api" : "schedule",
            Error = status == SegmentationStatus.Failed ? "Too few customers: 11 of at least 100." : null,
            Customers = FakeSegments.Customers,
            ReferenceTime = started,
            Previous = version > 1 ? version - 1 : null,
            Metrics = stability > 0 ? Metrics(silhouette, stability) : null,
            Lineage = version == 4 ? Lineage : [],
            Segments = stability > 0 ? FakeSegments.All : [],
            Moves = version == 4 ? Moves : [],
        };

    private static SegmentationMetrics Metrics(double silhouette, double stability) => new()
    {
        SegmentCount = 6,
        MeanSquaredDistance = 11.2,
        Silhouette = silhouette,
        Stability = stability,
        Candidates =
        [
            new() { SegmentCount = 4, Silhouette = 0.30, Stability = 0.94, StabilityDeviation = 0.02 },
            new() { SegmentCount = 5, Silhouette = 0.32, Stability = 0.86, StabilityDeviation = 0.05 },
            new() { SegmentCount = 6, Silhouette = silhouette, Stability = stability, StabilityDeviation = 0.02 },
            new() { SegmentCount = 7, Silhouette = 0.28, Stability = 0.71, StabilityDeviation = 0.09 },
            new() { SegmentCount = 8, Silhouette = 0.25, Stability = 0.66, StabilityDeviation = 0.11 },
        ],
    };

    private static IReadOnlyList<SegmentLineage> Lineage { get; } =
    [
        new() { Change = "kept", Key = "champions", Retained = 0.97 },
        new() { Change = "kept", Key = "loyal", Retained = 0.91 },
        new() { Change = "split", Key = "at-risk", Related = ["hibernating"], Retained = 0.42 },
        new() { Change = "merged", Key = "bargain-hunters", Related = ["loyal", "new"], Retained = 0.66 },
        new() { Change = "born", Key = "new", Related = ["loyal"] },
        new() { Change = "ended", Key = "window-shoppers", Related = ["hibernating"] },
    ];

    private static IReadOnlyList<SegmentFlow> Moves { get; } =
    [
        new() { From = "loyal", To = "champions", Customers = 61 },
        new() { From = "hibernating", To = "at-risk", Customers = 204 },
        new() { From = "new", To = "bargain-hunters", Customers = 88 },
        new() { From = "champions", To = "loyal", Customers = 19 },
    ];
}
