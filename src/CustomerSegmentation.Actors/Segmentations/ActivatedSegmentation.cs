using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>The segmentation in force.</summary>
/// <param name="Segmentation">The version.</param>
/// <param name="Activation">Grows with each activation, also with roll-backs.</param>
public sealed record ActivatedSegmentation(Segmentation Segmentation, long Activation);
