namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Rejection codes of the importer.</summary>
internal static class ImportCodes
{
    public const string LineTooLong = "line_too_long";
    public const string UnclosedQuote = "unclosed_quote";
    public const string MissingColumns = "missing_columns";
    public const string InvalidCustomerId = "invalid_customer_id";
    public const string InvalidTimestamp = "invalid_timestamp";
    public const string TimestampOutOfRange = "timestamp_out_of_range";
    public const string InvalidNumber = "invalid_number";
    public const string QuantityNotPositive = "quantity_not_positive";
    public const string CancellationQuantityPositive = "cancellation_quantity_positive";
    public const string PriceNotPositive = "price_not_positive";
    public const string AmountNegative = "amount_negative";
    public const string MissingOrderId = "missing_order_id";
    public const string InvalidRating = "invalid_rating";
    public const string CustomerErased = "erased";
    public const string Refused = "refused";
}
