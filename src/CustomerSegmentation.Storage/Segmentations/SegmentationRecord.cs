namespace CustomerSegmentation.Storage.Segmentations;

/// <summary>A segmentation version as stored.</summary>
/// <param name="Version">From 1.</param>
/// <param name="Payload">The version as <c>Domain.Segments</c> wrote it.</param>
public sealed record SegmentationRecord(int Version, ReadOnlyMemory<byte> Payload);
