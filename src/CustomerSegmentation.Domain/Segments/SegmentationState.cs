using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>A segmentation version with where it stands: what the segmentation store keeps.</summary>
public sealed record SegmentationState
{
    /// <summary>From 1.</summary>
    public required int Version { get; init; }

    public required SegmentationStatus Status { get; init; }

    /// <summary>What was asked for.</summary>
    public required SegmentationRequest Request { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC, as the other times.</summary>
    public required long StartedAtMs { get; init; }

    public long? FinishedAtMs { get; init; }
    public long? ActivatedAtMs { get; init; }

    /// <summary>The latest activation of this version; 0 for none.</summary>
    public long Activation { get; init; }

    /// <summary>How often the fit was begun, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The step at work or the last one: <c>reading</c>, <c>choosing</c>, <c>fitting</c>, <c>naming</c>, <c>previewing</c>, <c>assigning</c>, <c>done</c>.</summary>
    public string Step { get; init; } = SegmentationSteps.Reading;

    /// <summary>Why it failed; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>The fitted version; null until it is fitted.</summary>
    public Segmentation? Fitted { get; init; }

    /// <summary>The stored form, which <see cref="Read"/> of this and later releases reads.</summary>
    public byte[] ToBytes() => SegmentationFormat.Write(this);

    /// <exception cref="FormatException">The bytes are broken, or written by a later format.</exception>
    public static SegmentationState Read(ReadOnlySpan<byte> bytes) => SegmentationFormat.Read(bytes);
}
