using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Engine.Orleans.Silos;
using CustomerSegmentation.Storage.Profiles;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CustomerSegmentation.Engine.Orleans.Segmentations.Shares;

/// <summary>Does the work on shares that other silos ask for.</summary>
[Reentrant]
internal sealed class ShareService(SiloCustomers silo, GrainId id, Silo host, ILoggerFactory loggers) : GrainService(id, host, loggers), IShareService
{
    private readonly IShareWorker _worker = silo.Shares;

    public async Task<SampledMessage> SampleAsync(SampleOrderMessage order, long after, long upTo, CancellationToken cancellationToken) =>
        SampledMessage.Of(await _worker.SampleAsync(order.Read(), new KeyRange(after, upTo), cancellationToken));

    public async Task<SumsMessage> SumAsync(DraftMessage draft, long after, long upTo, CancellationToken cancellationToken) =>
        SumsMessage.Of(await _worker.SumAsync(draft.Read(), new KeyRange(after, upTo), cancellationToken));

    public async Task<PlacedMessage> PlaceAsync(DraftMessage draft, long after, long upTo, CancellationToken cancellationToken) =>
        PlacedMessage.Of(await _worker.PlaceAsync(draft.Read(), new KeyRange(after, upTo), cancellationToken));

    public async Task<AssignedMessage> AssignAsync(
        DraftMessage segmentation, long activation, long referenceTimeMs, long after, long upTo, CancellationToken cancellationToken)
    {
        var done = await _worker.AssignAsync(segmentation.Read(), activation, referenceTimeMs, new KeyRange(after, upTo), cancellationToken);
        return new AssignedMessage(done.Read, done.Assigned);
    }

    public Task ForgetAsync(int version) => _worker.ForgetAsync(version);
}
