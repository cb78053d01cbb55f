namespace CustomerSegmentation.SiloHost.Import;

/// <summary>What a row of an order stands for.</summary>
internal enum LineRole : byte
{
    Product,

    /// <summary>Postage and carriage: counts in the order's money and as its shipping, not as a product.</summary>
    Shipping,

    /// <summary>A discount written as a row of its own: counts in the money and as the discount, not as a product.</summary>
    Discount,

    /// <summary>A manual entry, a fee, a sample: counts in the money, not as a product.</summary>
    MoneyOnly,
}
