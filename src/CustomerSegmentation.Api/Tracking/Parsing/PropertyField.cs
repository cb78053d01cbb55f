namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>The properties of commerce events that have a field of their own.</summary>
internal enum PropertyField : byte
{
    None = 0,
    OrderId,
    Total,
    Revenue,
    Value,
    Shipping,
    Tax,
    Discount,
    Currency,
    Coupon,
    Query,
    Rating,
    ReviewBody,
    MessageBody,
    SessionId,
    Products,
    ProductId,
    Sku,
    Name,
    Category,
    Brand,
    Price,
    Quantity,
}
