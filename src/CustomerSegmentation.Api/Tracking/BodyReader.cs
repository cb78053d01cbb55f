using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>
/// Reads a request body into memory up to a bound, and unpacks it up to another. Gzip is known by its first bytes, whatever the headers say:
/// JSON never begins with them.
/// </summary>
internal static class BodyReader
{
    public static async ValueTask<BodyOutcome> ReadAsync(HttpRequest request, PooledBody body, int bytesMax)
    {
        if (request.ContentLength > bytesMax)
        {
            return BodyOutcome.TooLarge;
        }

        AllowServerLimit(request, bytesMax);
        if (!body.TryGrow((int)(request.ContentLength ?? 0)))
        {
            return BodyOutcome.Overloaded;
        }

        try
        {
            return await CopyAsync(request.BodyReader, body, bytesMax);
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => BodyOutcome.TooLarge,
                StatusCodes.Status408RequestTimeout => BodyOutcome.TimedOut,
                _ => BodyOutcome.BadEncoding,
            };
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return BodyOutcome.Aborted;
        }
    }

    /// <summary>Unpacks where needed; the result is <paramref name="packed"/> itself when it is plain already.</summary>
    public static BodyOutcome Unpack(PooledBody packed, string? contentEncoding, PooledBody unpacked, int bytesMax, out PooledBody plain)
    {
        plain = packed;
        var bytes = packed.Buffer.AsSpan(0, packed.Length);
        var memory = new MemoryStream(packed.Buffer, 0, packed.Length, writable: false);
        Stream stream;
        if (bytes.Length >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b)
        {
            stream = new GZipStream(memory, CompressionMode.Decompress);
        }
        else if (string.Equals(contentEncoding, "br", StringComparison.OrdinalIgnoreCase))
        {
            stream = new BrotliStream(memory, CompressionMode.Decompress);
        }
        else if (string.Equals(contentEncoding, "deflate", StringComparison.OrdinalIgnoreCase))
        {
            // The name says zlib, some senders send the bare stream; a zlib header is 0x78 and divides by 31.
            stream = bytes.Length >= 2 && bytes[0] == 0x78 && ((bytes[0] << 8) | bytes[1]) % 31 == 0
                ? new ZLibStream(memory, CompressionMode.Decompress)
                : new DeflateStream(memory, CompressionMode.Decompress);
        }
        else
        {
            return packed.Length > bytesMax ? BodyOutcome.TooLarge : BodyOutcome.Complete;
        }

        plain = unpacked;
        using (stream)
        {
            return Inflate(stream, unpacked, packed.Length, bytesMax);
        }
    }

    private static BodyOutcome Inflate(Stream stream, PooledBody unpacked, int packedLength, int bytesMax)
    {
        try
        {
            if (!unpacked.TryGrow((int)Math.Min(packedLength * 4L, bytesMax)))
            {
                return BodyOutcome.Overloaded;
            }

            while (true)
            {
                if (unpacked.Free.IsEmpty && !unpacked.TryGrow(unpacked.Length + 1))
                {
                    return BodyOutcome.Overloaded;
                }

                var read = stream.Read(unpacked.Free);
                unpacked.Advance(read);
                if (unpacked.Length > bytesMax)
                {
                    return BodyOutcome.TooLarge;
                }

                if (read == 0)
                {
                    return BodyOutcome.Complete;
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or IOException)
        {
            return BodyOutcome.BadEncoding;
        }
    }

    private static async ValueTask<BodyOutcome> CopyAsync(PipeReader reader, PooledBody body, int bytesMax)
    {
        while (true)
        {
            var result = await reader.ReadAsync();
            var buffer = result.Buffer;
            if (body.Length + buffer.Length > bytesMax)
            {
                reader.AdvanceTo(buffer.End);
                return BodyOutcome.TooLarge;
            }

            if (!body.TryGrow(body.Length + (int)buffer.Length))
            {
                reader.AdvanceTo(buffer.End);
                return BodyOutcome.Overloaded;
            }

            foreach (var segment in buffer)
            {
                segment.Span.CopyTo(body.Free);
                body.Advance(segment.Length);
            }

            reader.AdvanceTo(buffer.End);
            if (result.IsCompleted)
            {
                return BodyOutcome.Complete;
            }

            if (result.IsCanceled)
            {
                return BodyOutcome.Aborted;
            }
        }
    }

    private static void AllowServerLimit(HttpRequest request, int bytesMax)
    {
        var feature = request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (feature is { IsReadOnly: false } && feature.MaxRequestBodySize < bytesMax)
        {
            feature.MaxRequestBodySize = bytesMax;
        }
    }
}
