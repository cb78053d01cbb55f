namespace CustomerSegmentation.Engine.Orleans.Customers;

/// <summary>A customer as it was when its turn was taken for somebody elsewhere.</summary>
[GenerateSerializer, Immutable]
internal readonly record struct HeldState(
    [property: Id(0)] bool Erased, [property: Id(1)] string? MergedInto, [property: Id(2)] long Sequence, [property: Id(3)] string? Segment, [property: Id(4)] int SegmentVersion);
