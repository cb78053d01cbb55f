using System.Text;

namespace CustomerSegmentation.Api.Tests.Tracking;

/// <summary>A batch as a shop's SDK sends it: views, carts, orders of twenty customers.</summary>
internal static class SampleBatch
{
    public static string Json(int events)
    {
        var text = new StringBuilder("{\"batch\":[");
        for (var i = 0; i < events; i++)
        {
            var name = (i % 5) switch { 0 => "Order Completed", 1 or 2 => "Product Viewed", 3 => "Product Added", _ => "Product List Viewed" };
            text.Append(i == 0 ? "" : ",").Append($$"""
                {"type":"track","event":"{{name}}","userId":"customer-{{i % 20}}","messageId":"00000000-0000-4000-8000-{{i:D12}}",
                """);
            text.Append("""
                "timestamp":"2026-03-01T11:59:00.000Z","context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"}},"integrations":{},
                """);
            text.Append(name == "Order Completed"
                ? "\"properties\":{\"order_id\":\"o-" + i + "\",\"total\":42.5,\"currency\":\"EUR\",\"products\":[{\"product_id\":\"p-7\",\"name\":\"Mug\",\"category\":\"Home\",\"price\":21.25,\"quantity\":2}]}}"
                : "\"properties\":{\"product_id\":\"p-7\",\"name\":\"Mug\",\"category\":\"Home\",\"price\":21.25,\"currency\":\"EUR\"}}");
        }

        return text.Append("],\"sentAt\":\"2026-03-01T12:00:00.000Z\",\"writeKey\":\"write-key-1\"}").ToString();
    }
}
