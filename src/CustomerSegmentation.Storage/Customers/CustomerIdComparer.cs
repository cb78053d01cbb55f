namespace CustomerSegmentation.Storage.Customers;

/// <summary>
/// The order of customer ids in lists: by Unicode code point, which is the order of their UTF-8 bytes and therefore the order of every database index.
/// It differs from <see cref="StringComparer.Ordinal"/> only where a surrogate pair meets a character from U+E000 on.
/// </summary>
public sealed class CustomerIdComparer : IComparer<string>
{
    private CustomerIdComparer()
    {
    }

    public static CustomerIdComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length)
        {
            return x.Length - y.Length;
        }

        var a = x[same];
        var b = y[same];
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a - b : char.IsSurrogate(a) ? 1 : -1;
    }
}
