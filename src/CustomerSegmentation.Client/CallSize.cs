using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Client;

/// <summary>How much a call brings.</summary>
/// <param name="Events">Events.</param>
/// <param name="Bytes">Roughly what they are in memory.</param>
internal readonly record struct CallSize(int Events, long Bytes)
{
    /// <summary>An event, product or trait without its texts.</summary>
    private const int OwnBytes = 100;

    public static CallSize Of(TrackRequest[] requests)
    {
        var (events, bytes) = (0, 0L);
        foreach (var request in requests)
        {
            events += request.Events.Count;
            for (var i = 0; i < request.Events.Count; i++)
            {
                bytes += BytesOf(request.Events[i]);
            }
        }
        return new CallSize(events, bytes);
    }

    private static long BytesOf(CustomerEvent e)
    {
        long bytes = OwnBytes + Text(e.MessageId) + Text(e.Name) + Text(e.OrderId) + Text(e.Currency) + Text(e.Coupon) + Text(e.Query) + Text(e.Text)
            + Text(e.GroupId) + Text(e.OtherId) + Text(e.ExtraProperties) + Text(e.SessionId) + (e.TextEmbedding?.Numbers.Length ?? 0);
        for (var i = 0; i < e.Products.Count; i++)
        {
            var product = e.Products[i];
            bytes += OwnBytes + Text(product.ProductId) + Text(product.Name) + Text(product.Category) + Text(product.Brand);
        }
        for (var i = 0; i < e.Traits.Count; i++)
        {
            bytes += OwnBytes + Text(e.Traits[i].Name) + Text(e.Traits[i].Value);
        }
        return bytes;
    }

    private static int Text(string? text) => 2 * (text?.Length ?? 0);
}
