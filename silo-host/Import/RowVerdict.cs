namespace CustomerSegmentation.SiloHost.Import;

/// <summary>What an interpreter made of a record: a row, a record without a customer (counted only), or a rejection.</summary>
internal readonly record struct RowVerdict(ImportedRow? Row, string? Code, string? Reason, string? CustomerId)
{
    /// <summary>The record names no customer.</summary>
    public static RowVerdict NoCustomer => default;

    public bool IsRejected => Code is not null;

    public static RowVerdict Of(ImportedRow row) => new(row, null, null, row.CustomerId);

    public static RowVerdict Reject(string code, string reason, string? customerId = null) => new(null, code, reason, customerId);
}
