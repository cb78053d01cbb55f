namespace CustomerSegmentation.Domain.Features.Decay;

/// <summary>What is counted with exponential decay. Values are persisted: never renumber.</summary>
internal enum DecaySeries
{
    Orders = 0,
    Spend = 1,
    Refunds = 2,
    Views = 3,
    Searches = 4,
    Carts = 5,
    Wishlists = 6,
    Engagements = 7,
}
