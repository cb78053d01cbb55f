namespace CustomerSegmentation.Domain.Segments;

/// <summary>The stored form of a segmentation version.</summary>
internal static class SegmentationFormat
{
    public static byte[] Write(SegmentationState state) => throw new NotImplementedException();

    public static SegmentationState Read(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();
}
