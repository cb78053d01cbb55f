using System.Text.Json;
using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Contracts.Customers;
using Microsoft.AspNetCore.Http;

namespace CustomerSegmentation.Api.Query;

/// <summary>Streams an export as one JSON document (<see cref="ExportBody"/>), however many events there are.</summary>
/// <param name="head">The first part.</param>
/// <param name="rest">The others; disposed in the end.</param>
internal sealed class ExportResult(CustomerExportHead head, IAsyncEnumerator<CustomerExportPart> rest) : IResult
{
    private const int FlushBytes = 1 << 15;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        await using var parts = rest;
        await using var writer = new Utf8JsonWriter(response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("id"u8, head.Id);
        writer.WriteString("exportedAt"u8, head.ExportedAt);
        writer.WritePropertyName("ids"u8);
        JsonSerializer.Serialize(writer, head.Ids, ExportJson.Default.IReadOnlyListExportedId);
        long events = 0;
        writer.WriteStartArray("events"u8);
        var more = await parts.MoveNextAsync();
        for (; more && parts.Current.Event is { } e; more = await parts.MoveNextAsync(), events++)
        {
            JsonSerializer.Serialize(writer, e, ExportJson.Default.ExportedEvent);
            await FlushAsync(writer, response, httpContext.RequestAborted);
        }

        writer.WriteEndArray();
        var rejections = 0;
        writer.WriteStartArray("rejections"u8);
        for (; more && parts.Current.Rejection is { } r; more = await parts.MoveNextAsync(), rejections++)
        {
            JsonSerializer.Serialize(writer, r, ApiJson.Default.RejectionView);
            await FlushAsync(writer, response, httpContext.RequestAborted);
        }

        writer.WriteEndArray();
        var snapshots = head.Ids.Count(id => id.SnapshotBytes > 0);
        writer.WritePropertyName("counts"u8);
        JsonSerializer.Serialize(writer, new ExportCounts(events, snapshots, snapshots, rejections), ExportJson.Default.ExportCounts);
        writer.WriteBoolean("complete"u8, events == head.Ids.Sum(id => id.Events));
        writer.WriteEndObject();
    }

    private static async ValueTask FlushAsync(Utf8JsonWriter writer, HttpResponse response, CancellationToken cancellationToken)
    {
        if (writer.BytesPending >= FlushBytes)
        {
            writer.Flush();
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }
}
