using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Engine.TestKit;

/// <summary>The events that tests send.</summary>
/// <param name="nowMs">The clock of the engine under test, milliseconds since 1970-01-01 UTC.</param>
public sealed class ShopEvents(Func<long> nowMs)
{
    public CustomerEvent View(string messageId, string category = "mugs", TimeSpan ago = default) =>
        Event(messageId, EventKind.ProductViewed, ago, products: [new ProductLine { ProductId = "p-" + category, Category = category, Price = 10 }]);

    public CustomerEvent Order(string messageId, double amount, TimeSpan ago = default) => Event(
        messageId, EventKind.OrderCompleted, ago, amount, [new ProductLine { ProductId = "p1", Category = "mugs", Price = amount, Quantity = 1 }]);

    public CustomerEvent Identify(string messageId, string otherId) => new()
    {
        MessageId = messageId,
        Kind = EventKind.TraitsIdentified,
        TimestampMs = nowMs(),
        ReceivedMs = nowMs(),
        OtherId = otherId,
        Traits = [new Trait { Name = "country", Value = "France" }],
    };

    public CustomerEvent Alias(string messageId, string otherId) => new()
    {
        MessageId = messageId, Kind = EventKind.Aliased, TimestampMs = nowMs(), ReceivedMs = nowMs(), OtherId = otherId,
    };

    public CustomerEvent Event(
        string messageId, EventKind kind, TimeSpan ago = default, double? amount = null, IReadOnlyList<ProductLine>? products = null) => new()
        {
            MessageId = messageId,
            Kind = kind,
            TimestampMs = nowMs() - (long)ago.TotalMilliseconds,
            ReceivedMs = nowMs(),
            Amount = amount,
            OrderId = kind == EventKind.OrderCompleted ? "o-" + messageId : null,
            Products = products ?? [],
        };
}
