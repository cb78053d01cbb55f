namespace CustomerSegmentation.Contracts.Segmentations;

/// <summary>Where a segmentation version stands. Values are persisted: never renumber.</summary>
public enum SegmentationStatus : byte
{
    Running = 0,

    /// <summary>Fitted and kept; not the active one.</summary>
    Ready = 1,

    /// <summary>The active version; customers are being re-assigned.</summary>
    Activating = 2,
    Active = 3,
    Cancelled = 4,
    Failed = 5,
}
