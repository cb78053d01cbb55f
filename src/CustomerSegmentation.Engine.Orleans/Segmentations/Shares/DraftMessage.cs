using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Engine.Orleans.Segmentations.Shares;

/// <summary>A version on its way to another silo, in the form in which it is stored.</summary>
[GenerateSerializer, Immutable]
internal sealed record DraftMessage([property: Id(0)] byte[] State)
{
    public static DraftMessage Of(Segmentation draft) => new(new SegmentationState
    {
        Version = draft.Version, Status = SegmentationStatus.Running, Request = new SegmentationRequest(), StartedAtMs = 0, Fitted = draft,
    }.ToBytes());

    public Segmentation Read() => SegmentationState.Read(State).Fitted!;
}
