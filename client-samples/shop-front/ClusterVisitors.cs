using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Samples.ShopFront;

/// <summary>By the silos of a cluster, whose client sends again what was not committed.</summary>
internal sealed class ClusterVisitors(ISegmentationEngine engine, TimeProvider time) : IVisitors
{
    public Task ViewedAsync(string visitor, Product product, CancellationToken cancellationToken) =>
        TrackAsync(visitor, Event(EventKind.ProductViewed, product), cancellationToken);

    public Task OrderedAsync(string visitor, Product product, CancellationToken cancellationToken) => TrackAsync(
        visitor, Event(EventKind.OrderCompleted, product) with { OrderId = Guid.NewGuid().ToString(), Amount = product.Price }, cancellationToken);

    public async Task<(string Key, string Name)?> SegmentAsync(string visitor, CancellationToken cancellationToken) =>
        (await engine.Customer(visitor).GetAsync(cancellationToken))?.Segment is { } segment ? (segment.Key, segment.Name) : null;

    private CustomerEvent Event(EventKind kind, Product product)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new CustomerEvent
        {
            MessageId = Guid.NewGuid().ToString(),
            Kind = kind,
            TimestampMs = now,
            ReceivedMs = now,
            Channel = Channel.Web,
            Products = [new ProductLine { ProductId = product.Id, Category = product.Category, Price = product.Price, Quantity = 1 }],
        };
    }

    private async Task TrackAsync(string visitor, CustomerEvent happened, CancellationToken cancellationToken)
    {
        var receipt = await engine.Customer(visitor).TrackAsync(new TrackRequest { CustomerId = visitor, Events = [happened] }, cancellationToken);
        if (receipt.Outcome != TrackOutcome.Committed)
        {
            throw new InvalidOperationException($"the event was not taken: {receipt.Reason ?? receipt.Outcome.ToString()}");
        }
    }
}
