using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>A row of a table, understood: who did what, when. Rows with the same order, customer and kind become one event.</summary>
internal sealed record ImportedRow
{
    public required string CustomerId { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public required long TimeMs { get; init; }

    public required EventKind Kind { get; init; }

    /// <summary>The event's name when <see cref="Kind"/> is custom.</summary>
    public string? Name { get; init; }

    public string? OrderId { get; init; }
    public LineRole Role { get; init; }
    public string? ProductId { get; init; }
    public string? ProductName { get; init; }
    public string? Category { get; init; }

    /// <summary>Unit price, zero or above.</summary>
    public double? Price { get; init; }

    /// <summary>Units, above zero.</summary>
    public double? Quantity { get; init; }

    /// <summary>Money of the row, zero or above; null when neither given nor computable.</summary>
    public double? Amount { get; init; }

    public double? Discount { get; init; }
    public string? Country { get; init; }
    public double? Rating { get; init; }
    public string? Text { get; init; }
    public Channel Channel { get; init; }

    /// <summary>The row names a product or at least how many units were bought.</summary>
    public bool HasProduct => Role == LineRole.Product && (ProductId is not null || ProductName is not null || Category is not null || Quantity is not null);
}
