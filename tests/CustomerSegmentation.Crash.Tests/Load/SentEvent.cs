using System.Globalization;

namespace CustomerSegmentation.Crash.Tests.Load;

/// <summary>
/// An event as it was sent, and will be sent again under the same id until it is acknowledged. Its id is also its order number or its product, so that it is
/// found by name in an export.
/// </summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="MessageId">Unique.</param>
/// <param name="TimestampMs">Milliseconds since 1970-01-01 UTC.</param>
/// <param name="Total">Of an order, whole units of the currency, so that sums are exact; 0 for a view.</param>
internal sealed record SentEvent(string CustomerId, string MessageId, long TimestampMs, int Total)
{
    public bool IsOrder => Total > 0;

    /// <summary>As an item of a batch.</summary>
    public string ToJson()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var what = IsOrder
            ? string.Create(CultureInfo.InvariantCulture, $$$"""
                "event":"Order Completed","properties":{"order_id":"{{{MessageId}}}","total":{{{Total}}}}
                """)
            : $$$"""
                "event":"Product Viewed","properties":{"product_id":"{{{MessageId}}}","category":"c{{{TimestampMs % 7}}}","price":9}
                """;
        return $$"""{"type":"track","userId":"{{CustomerId}}","messageId":"{{MessageId}}","timestamp":"{{time}}",{{what}}}""";
    }
}
