using System.Runtime.InteropServices;
using CustomerSegmentation.Actors.Segmentations.Shares;

namespace CustomerSegmentation.Engine.Orleans.Segmentations.Shares;

/// <summary>A <see cref="SampledShare"/> on its way back; numbers as bytes, lowest first.</summary>
[GenerateSerializer, Immutable]
internal sealed record SampledMessage(
    [property: Id(0)] byte[] Ranks, [property: Id(1)] byte[] Values, [property: Id(2)] string?[] Segments, [property: Id(3)] byte[] Monetary,
    [property: Id(4)] long Customers, [property: Id(5)] long Embedded, [property: Id(6)] long Wrote)
{
    public static SampledMessage Of(SampledShare share) => new(
        MemoryMarshal.AsBytes<ulong>(share.Ranks.ToArray()).ToArray(), MemoryMarshal.AsBytes(share.Values.Span).ToArray(), [.. share.Segments],
        MemoryMarshal.AsBytes<double>(share.Monetary.ToArray()).ToArray(), share.Customers, share.Embedded, share.Wrote);

    public SampledShare Read() => new()
    {
        Ranks = MemoryMarshal.Cast<byte, ulong>(Ranks).ToArray(),
        Values = MemoryMarshal.Cast<byte, float>(Values).ToArray(),
        Segments = Segments,
        Monetary = MemoryMarshal.Cast<byte, double>(Monetary).ToArray(),
        Customers = Customers,
        Embedded = Embedded,
        Wrote = Wrote,
    };
}
