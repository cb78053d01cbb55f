using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>What tests send.</summary>
internal static class Events
{
    public static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public static TrackRequest Of(string customerId, params CustomerEvent[] events) => new() { CustomerId = customerId, Events = events };

    public static CustomerEvent Order(string messageId, double amount) => new()
    {
        MessageId = messageId,
        Kind = EventKind.OrderCompleted,
        TimestampMs = NowMs,
        ReceivedMs = NowMs,
        Amount = amount,
        OrderId = "o-" + messageId,
        Products = [new ProductLine { ProductId = "p1", Category = "mugs", Price = amount, Quantity = 1 }],
    };

    public static CustomerEvent Review(string messageId, string text) => new()
    {
        MessageId = messageId, Kind = EventKind.ProductReviewed, TimestampMs = NowMs, ReceivedMs = NowMs, Text = text,
    };

    public static CustomerEvent Identify(string messageId, string otherId) => new()
    {
        MessageId = messageId, Kind = EventKind.TraitsIdentified, TimestampMs = NowMs, ReceivedMs = NowMs, OtherId = otherId,
        Traits = [new Trait { Name = "country", Value = "France" }],
    };
}
