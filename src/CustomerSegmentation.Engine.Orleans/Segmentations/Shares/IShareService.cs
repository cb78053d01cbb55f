using Orleans.Services;

namespace CustomerSegmentation.Engine.Orleans.Segmentations.Shares;

/// <summary>A silo's work on shares of the profile index, for the coordinator on another silo. A share takes long under load; a lost silo is noticed before.</summary>
internal interface IShareService : IGrainService
{
    [ResponseTimeout("00:02:00")]
    Task<SampledMessage> SampleAsync(SampleOrderMessage order, long after, long upTo, CancellationToken cancellationToken);

    [ResponseTimeout("00:02:00")]
    Task<SumsMessage> SumAsync(DraftMessage draft, long after, long upTo, CancellationToken cancellationToken);

    [ResponseTimeout("00:02:00")]
    Task<PlacedMessage> PlaceAsync(DraftMessage draft, long after, long upTo, CancellationToken cancellationToken);

    [ResponseTimeout("00:02:00")]
    Task<AssignedMessage> AssignAsync(
        DraftMessage segmentation, long activation, long referenceTimeMs, long after, long upTo, CancellationToken cancellationToken);

    Task ForgetAsync(int version);
}
