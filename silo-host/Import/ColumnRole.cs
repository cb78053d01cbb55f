namespace CustomerSegmentation.SiloHost.Import;

/// <summary>What a column of a mapped table holds.</summary>
internal enum ColumnRole : byte
{
    Customer,
    Time,
    Order,
    Product,
    Name,
    Category,
    Quantity,
    Price,
    Amount,
    Event,
    Discount,
    Country,
    Rating,
    Text,
    Channel,
}
