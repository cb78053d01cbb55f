using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>Writes the answers of the tracking API. The ordinary one is a constant.</summary>
internal sealed class TrackingAnswers(IOptions<ApiOptions> options)
{
    private const string Json = "application/json";
    private static readonly byte[] Success = """{"success":true}"""u8.ToArray();
    private readonly string _retryAfter = options.Value.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static void WriteSuccess(HttpResponse response)
    {
        response.ContentType = Json;
        response.ContentLength = Success.Length;
        response.BodyWriter.Write(Success);
    }

    /// <summary>200 with what became of the events: the request was dealt with for good, also when none of its events could be taken.</summary>
    public static void WriteDetails(
        HttpResponse response, int accepted, int duplicates, IReadOnlyCollection<ItemRejection> rejected, IReadOnlyCollection<ItemRejection> warnings)
    {
        response.ContentType = Json;
        using var writer = new Utf8JsonWriter(response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteBoolean("success"u8, true);
        writer.WriteNumber("accepted"u8, accepted);
        writer.WriteNumber("duplicates"u8, duplicates);
        WriteItems(writer, "rejected"u8, rejected);
        WriteItems(writer, "warnings"u8, warnings);
        writer.WriteEndObject();
    }

    /// <summary>A passing fault: the sender shall send the same again.</summary>
    public void WriteRetry(HttpResponse response, int status, string code, string message)
    {
        response.Headers.RetryAfter = _retryAfter;
        WriteFault(response, status, code, message);
    }

    public static void WriteFault(HttpResponse response, int status, string code, string message)
    {
        response.StatusCode = status;
        response.ContentType = Json;
        using var writer = new Utf8JsonWriter(response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("code"u8, code);
        writer.WriteString("message"u8, message);
        writer.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyCollection<ItemRejection> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index"u8, item.Index);
            writer.WriteString("code"u8, item.Code);
            writer.WriteString("message"u8, item.Message);
            writer.WriteString("messageId"u8, item.MessageId);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
