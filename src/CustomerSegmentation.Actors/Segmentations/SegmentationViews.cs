using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Puts stored versions into the form that readers see.</summary>
internal static class SegmentationViews
{
    /// <summary>Whether a fit in this status is over.</summary>
    public static bool IsFinal(SegmentationStatus status) => status is not (SegmentationStatus.Running or SegmentationStatus.Activating);

    /// <summary>The whole version.</summary>
    public static SegmentationView Of(SegmentationState state, double progress, bool alreadyRunning = false)
    {
        var fitted = state.Fitted;
        return new SegmentationView
        {
            Version = state.Version,
            Status = state.Status,
            Step = state.Step,
            Progress = progress,
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(state.StartedAtMs),
            FinishedAt = Time(state.FinishedAtMs),
            ActivatedAt = Time(state.ActivatedAtMs),
            RequestedBy = state.Request.RequestedBy,
            Error = state.Error,
            Customers = fitted?.Customers ?? 0,
            ReferenceTime = Time(fitted?.ReferenceTimeMs),
            Metrics = fitted?.Metrics,
            Previous = fitted?.Previous,
            Lineage = fitted?.Lineage ?? [],
            Segments = fitted is null ? [] : AtFit(fitted),
            Moves = fitted?.Moves ?? [],
            SchemaHash = fitted?.SchemaHash ?? "",
            AlreadyRunning = alreadyRunning,
            EmbeddingModel = fitted?.EmbeddingModel is { Length: > 0 } model ? model : null,
            Note = fitted?.Note,
            TextModel = fitted?.TextModel is { Length: > 0 } textModel ? textModel : null,
        };
    }

    /// <summary>The version without segments, lineage and moves, for the live stream.</summary>
    public static SegmentationView Brief(SegmentationState state, double progress) => new()
    {
        Version = state.Version,
        Status = state.Status,
        Step = state.Step,
        Progress = progress,
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(state.StartedAtMs),
        FinishedAt = Time(state.FinishedAtMs),
        ActivatedAt = Time(state.ActivatedAtMs),
        RequestedBy = state.Request.RequestedBy,
        Error = state.Error,
        Customers = state.Fitted?.Customers ?? 0,
        ReferenceTime = Time(state.Fitted?.ReferenceTimeMs),
        Metrics = state.Fitted?.Metrics,
        Previous = state.Fitted?.Previous,
        SchemaHash = state.Fitted?.SchemaHash ?? "",
    };

    /// <summary>A segment with the size and money that it has now.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="size">Its customers.</param>
    /// <param name="monetary">Their money.</param>
    /// <param name="assigned">Customers in all segments.</param>
    /// <param name="assignedMonetary">Their money.</param>
    public static SegmentView Of(Segment segment, long size, double monetary, long assigned, double assignedMonetary) => new()
    {
        Key = segment.Key,
        Name = segment.Name,
        Description = segment.Description,
        Advice = segment.Advice,
        Size = size,
        Share = assigned <= 0 ? 0 : (double)size / assigned,
        Monetary = monetary,
        MonetaryShare = assignedMonetary <= 0 ? 0 : monetary / assignedMonetary,
        Distinguishing = segment.Distinguishing,
        BornInVersion = segment.BornInVersion,
    };

    private static SegmentView[] AtFit(Segmentation fitted)
    {
        var customers = fitted.Segments.Sum(segment => segment.SizeAtFit);
        var monetary = fitted.Segments.Sum(segment => segment.MonetaryAtFit);
        return
        [
            .. fitted.Segments
                .Select(segment => Of(segment, segment.SizeAtFit, segment.MonetaryAtFit, customers, monetary))
                .OrderByDescending(segment => segment.MonetaryShare),
        ];
    }

    private static DateTimeOffset? Time(long? ms) => ms is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
