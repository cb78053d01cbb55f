using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine.Customers;
using CustomerSegmentation.Engine.Tracking;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <summary>One customer as callers reach it; stateless, made for each call.</summary>
internal sealed class EmbeddedCustomer(
    string customerId, TrackPipeline pipeline, CustomerReader reader, CustomerExporter exporter, CustomerEraser eraser)
    : ICustomerActor
{
    public async Task<TrackReceipt> TrackAsync(TrackRequest request, CancellationToken cancellationToken = default)
    {
        if (request.CustomerId != customerId)
        {
            throw new ArgumentException($"The request is for customer {request.CustomerId}, not for {customerId}.", nameof(request));
        }
        return (await pipeline.TrackAsync([request], cancellationToken))[0];
    }

    public Task<CustomerView?> GetAsync(CancellationToken cancellationToken = default) =>
        FollowAsync(id => reader.ReadAsync(id, static actor => actor.View(), cancellationToken));

    public Task<SegmentExplanation?> ExplainAsync(CancellationToken cancellationToken = default) =>
        FollowAsync(id => reader.ReadAsync(id, static actor => actor.Explain(), cancellationToken));

    public Task<CustomerHistory?> GetHistoryAsync(long? before = null, int limit = 50, CancellationToken cancellationToken = default) =>
        FollowAsync(id => reader.ReadHistoryAsync(id, before, limit, cancellationToken));

    public IAsyncEnumerable<CustomerExportPart> ExportAsync(CancellationToken cancellationToken = default) =>
        exporter.ExportAsync(customerId, cancellationToken);

    public Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken = default) => eraser.EraseAsync(customerId, cancellationToken);

    /// <summary>Asks whoever has the history now.</summary>
    private async Task<T?> FollowAsync<T>(Func<string, Task<CustomerRead<T>>> read)
    {
        var id = customerId;
        for (var hop = 0; hop < CustomerReader.HopsMax; hop++)
        {
            var (value, movedTo) = await read(id);
            if (movedTo is null)
            {
                return value;
            }
            id = movedTo;
        }
        throw new EngineBusyException(customerId);
    }
}
