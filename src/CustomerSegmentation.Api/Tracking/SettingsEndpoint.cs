using System.Text;
using System.Text.Json;
using CustomerSegmentation.Api.Access;
using Microsoft.AspNetCore.Http;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>What browser SDKs ask for before they send: where to send, and that nothing else is to be loaded.</summary>
internal sealed class SettingsEndpoint(KeyRing keys)
{
    public void Handle(HttpContext context)
    {
        var key = context.Request.RouteValues["writeKey"] as string ?? "";
        if (keys.Required && keys.Identify(Encoding.UTF8.GetBytes(key)) != KeyKind.Write)
        {
            TrackingAnswers.WriteFault(
                context.Response, StatusCodes.Status401Unauthorized, RejectionCodes.InvalidWriteKey, "The write key is not valid.");
            return;
        }

        context.Response.ContentType = "application/json";
        using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteStartObject("integrations"u8);
        writer.WriteStartObject("Segment.io"u8);
        writer.WriteString("apiKey"u8, key);
        writer.WriteString("apiHost"u8, context.Request.Host.Value + "/v1");
        writer.WriteString("protocol"u8, context.Request.Scheme);
        writer.WriteBoolean("addBundledMetadata"u8, true);
        writer.WriteStartArray("unbundledIntegrations"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject("plan"u8);
        foreach (var name in (ReadOnlySpan<string>)["track", "identify", "group"])
        {
            writer.WriteStartObject(name);
            writer.WriteStartObject("__default"u8);
            writer.WriteBoolean("enabled"u8, true);
            writer.WriteStartObject("integrations"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("edgeFunction"u8);
        writer.WriteEndObject();
        writer.WriteStartArray("enabledMiddleware"u8);
        writer.WriteEndArray();
        writer.WriteStartObject("metrics"u8);
        writer.WriteNumber("sampleRate"u8, 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
