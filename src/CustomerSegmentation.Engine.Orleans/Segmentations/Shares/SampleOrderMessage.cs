using CustomerSegmentation.Actors.Segmentations.Shares;

namespace CustomerSegmentation.Engine.Orleans.Segmentations.Shares;

/// <summary>A <see cref="SampleOrder"/> on its way to another silo.</summary>
[GenerateSerializer, Immutable]
internal sealed record SampleOrderMessage(
    [property: Id(0)] long ReferenceTimeMs, [property: Id(1)] int Seed, [property: Id(2)] ulong RankMax, [property: Id(3)] string EmbeddingModel,
    [property: Id(4)] int EmbeddingSize, [property: Id(5)] string TextModel, [property: Id(6)] int TextSize)
{
    public static SampleOrderMessage Of(SampleOrder order) => new(
        order.ReferenceTimeMs, order.Seed, order.RankMax, order.EmbeddingModel, order.EmbeddingSize, order.TextModel, order.TextSize);

    public SampleOrder Read() => new(ReferenceTimeMs, Seed, RankMax, EmbeddingModel, EmbeddingSize, TextModel, TextSize);
}
