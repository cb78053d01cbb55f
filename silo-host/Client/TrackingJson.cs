using System.Globalization;
using System.Text.Json;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Client;

/// <summary>Writes events as items of a tracking batch.</summary>
internal static class TrackingJson
{
    /// <summary>One item: the event of one customer.</summary>
    public static void Write(Utf8JsonWriter json, string customerId, CustomerEvent e)
    {
        json.WriteStartObject();
        json.WriteString("userId"u8, customerId);
        json.WriteString("messageId"u8, e.MessageId);
        json.WriteString("timestamp"u8, DateTimeOffset.FromUnixTimeMilliseconds(e.TimestampMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        WriteContext(json, e);
        switch (e.Kind)
        {
            case EventKind.TraitsIdentified:
                json.WriteString("type"u8, "identify"u8);
                WriteTraits(json, e.Traits);
                break;
            case EventKind.PageViewed or EventKind.ScreenViewed:
                json.WriteString("type"u8, e.Kind == EventKind.PageViewed ? "page"u8 : "screen"u8);
                WriteText(json, "name"u8, e.Name);
                break;
            default:
                json.WriteString("type"u8, "track"u8);
                json.WriteString("event"u8, CommerceEventNames.Of(e.Kind) ?? e.Name ?? "Custom");
                WriteProperties(json, e);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteContext(Utf8JsonWriter json, CustomerEvent e)
    {
        var channel = e.Channel switch
        {
            Channel.Web => "web",
            Channel.MobileApp => "mobile",
            Channel.Email => "email",
            Channel.Store => "store",
            Channel.Service => "service",
            Channel.Server => "server",
            _ => null,
        };
        var device = e.Device switch
        {
            DeviceKind.Desktop => "desktop",
            DeviceKind.Mobile => "mobile",
            DeviceKind.Tablet => "tablet",
            _ => null,
        };
        if (channel is null && device is null && e.SessionId is null)
        {
            return;
        }

        json.WriteStartObject("context"u8);
        WriteText(json, "channel"u8, channel);
        WriteText(json, "sessionId"u8, e.SessionId);
        if (device is not null)
        {
            json.WriteStartObject("device"u8);
            json.WriteString("type"u8, device);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteTraits(Utf8JsonWriter json, IReadOnlyList<Trait> traits)
    {
        json.WriteStartObject("traits"u8);
        foreach (var trait in traits)
        {
            if (trait.Number is { } number)
            {
                json.WriteNumber(trait.Name, number);
            }
            else
            {
                json.WriteString(trait.Name, trait.Value);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter json, CustomerEvent e)
    {
        json.WriteStartObject("properties"u8);
        WriteText(json, "order_id"u8, e.OrderId);
        WriteNumber(json, "total"u8, e.Amount);
        WriteNumber(json, "shipping"u8, e.Shipping);
        WriteNumber(json, "tax"u8, e.Tax);
        WriteNumber(json, "discount"u8, e.Discount);
        WriteText(json, "currency"u8, e.Currency);
        WriteText(json, "coupon"u8, e.Coupon);
        WriteText(json, "query"u8, e.Query);
        WriteNumber(json, "rating"u8, e.Rating);
        WriteText(json, "review_body"u8, e.Text);
        if (e.Products.Count > 0)
        {
            json.WriteStartArray("products"u8);
            foreach (var line in e.Products)
            {
                json.WriteStartObject();
                WriteText(json, "product_id"u8, line.ProductId);
                WriteText(json, "name"u8, line.Name);
                WriteText(json, "category"u8, line.Category);
                WriteText(json, "brand"u8, line.Brand);
                WriteNumber(json, "price"u8, line.Price);
                WriteNumber(json, "quantity"u8, line.Quantity);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }
}
