namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>What customers are clustered by.</summary>
public enum SegmentationSpaceKind
{
    /// <summary>Features alone.</summary>
    Features,

    /// <summary>The sequence encoder's embedding alone.</summary>
    Embedding,

    /// <summary>Both, as columns of one space.</summary>
    Both,
}
