using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Client;

/// <summary>Sends events to a running service in compressed batches within its limits.</summary>
/// <param name="client">The service.</param>
/// <param name="batchBytes">Bytes of JSON after which a batch is sent.</param>
/// <param name="batchEvents">Events after which a batch is sent.</param>
internal sealed class HttpSink(ServiceClient client, int batchBytes, int batchEvents) : IEventSink
{
    /// <summary>A sink within the limits of a write key.</summary>
    public static HttpSink ForWriteKey(ServiceClient client) => new(client, 300 * 1024, 2_000);

    /// <summary>A sink within the limits of an admin key.</summary>
    public static HttpSink ForAdminKey(ServiceClient client) => new(client, 3 * 1024 * 1024, 10_000);

    public async Task<SinkResult> SendAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken)
    {
        var result = default(SinkResult);
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        await using var json = new Utf8JsonWriter(buffer);
        var count = 0;
        foreach (var request in requests)
        {
            foreach (var e in request.Events)
            {
                if (count == 0)
                {
                    buffer.ResetWrittenCount();
                    json.Reset();
                    json.WriteStartObject();
                    json.WriteStartArray("batch"u8);
                }

                TrackingJson.Write(json, request.CustomerId, e);
                count++;
                if (count == batchEvents || json.BytesCommitted + json.BytesPending >= batchBytes)
                {
                    result += await PostAsync(json, buffer, count, cancellationToken);
                    count = 0;
                }
            }
        }

        return count == 0 ? result : result + await PostAsync(json, buffer, count, cancellationToken);
    }

    public async Task RejectAsync(IReadOnlyList<RejectionView> rejections, CancellationToken cancellationToken) =>
        await client.PostAsync<JsonElement>("api/rejections", new { items = rejections }, cancellationToken);

    private async Task<SinkResult> PostAsync(Utf8JsonWriter json, ArrayBufferWriter<byte> buffer, int count, CancellationToken cancellationToken)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(buffer.WrittenMemory, cancellationToken);
        }

        var answer = await client.PostAsync("v1/batch", compressed.GetBuffer().AsMemory(0, (int)compressed.Length), "gzip", cancellationToken);
        return Read(answer, count);
    }

    /// <summary>Without counts in the answer all events were taken; which of them were known already is not said.</summary>
    private static SinkResult Read(JsonElement answer, int count)
    {
        var (erased, refused) = (0L, 0L);
        if (answer.TryGetProperty("rejected", out var rejected) && rejected.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in rejected.EnumerateArray())
            {
                var isErased = item.TryGetProperty("code", out var code) && code.GetString() == ImportCodes.CustomerErased;
                erased += isErased ? 1 : 0;
                refused += isErased ? 0 : 1;
            }
        }

        if (answer.TryGetProperty("accepted", out var accepted) && answer.TryGetProperty("duplicates", out var duplicates))
        {
            return new SinkResult(accepted.GetInt64(), duplicates.GetInt64(), erased, refused);
        }

        return new SinkResult(0, 0, erased, refused, count - erased - refused);
    }
}
