using System.Net;
using System.Text.Json;

namespace CustomerSegmentation.Samples.ShopFront;

/// <summary>By the service's HTTP interface. What finds it busy is sent again under the same message id, so it counts once.</summary>
internal sealed class HttpVisitors(HttpClient http, TimeProvider time) : IVisitors
{
    private const int AttemptsMax = 5;

    public Task ViewedAsync(string visitor, Product product, CancellationToken cancellationToken) => TrackAsync(
        visitor, "Product Viewed", new { product_id = product.Id, category = product.Category, price = product.Price }, cancellationToken);

    public Task OrderedAsync(string visitor, Product product, CancellationToken cancellationToken) => TrackAsync(
        visitor, "Order Completed",
        new
        {
            order_id = Guid.NewGuid().ToString(), total = product.Price,
            products = new[] { new { product_id = product.Id, category = product.Category, price = product.Price, quantity = 1 } },
        },
        cancellationToken);

    public async Task<(string Key, string Name)?> SegmentAsync(string visitor, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync($"api/customers/{Uri.EscapeDataString(visitor)}", cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        using var customer = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        return customer.RootElement.TryGetProperty("segment", out var segment) && segment.ValueKind == JsonValueKind.Object
            ? (segment.GetProperty("key").GetString()!, segment.GetProperty("name").GetString()!)
            : null;
    }

    private async Task TrackAsync(string visitor, string name, object properties, CancellationToken cancellationToken)
    {
        var messageId = Guid.NewGuid().ToString();
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await http.PostAsJsonAsync("v1/track", new { userId = visitor, messageId, @event = name, properties }, cancellationToken);
            if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || attempt == AttemptsMax)
            {
                answer.EnsureSuccessStatusCode();
                return;
            }

            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), time, cancellationToken);
        }
    }
}
