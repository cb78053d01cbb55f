using System.IO.Compression;
using System.IO.Pipelines;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>A file, or standard input for <c>-</c>, opened for reading from its beginning; gzip is recognised by its first bytes.</summary>
internal sealed class InputFile : IDisposable
{
    private readonly CountingStream _raw;

    private InputFile(string name, CountingStream raw, Stream content, long? length)
    {
        Name = name;
        _raw = raw;
        Content = content;
        Length = length;
    }

    /// <summary>The file's name without its folder; <c>stdin</c> for standard input.</summary>
    public string Name { get; }

    /// <summary>The plain bytes.</summary>
    public Stream Content { get; }

    /// <summary>Bytes of the file as it lies on disk; null when not known.</summary>
    public long? Length { get; }

    /// <summary>Bytes read so far of <see cref="Length"/>.</summary>
    public long Position => _raw.BytesRead;

    public static async Task<InputFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (path == "-")
        {
            return await WrapAsync("stdin", Console.OpenStandardInput(), null, cancellationToken);
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            return await WrapAsync(Path.GetFileName(path), file, file.CanSeek ? file.Length : null, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"cannot read {path}: {e.Message}", e);
        }
    }

    /// <summary>Wraps an open stream, which is then owned.</summary>
    public static async Task<InputFile> WrapAsync(string name, Stream stream, long? length, CancellationToken cancellationToken)
    {
        var counting = new CountingStream(stream);
        var pipe = PipeReader.Create(counting, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        var start = await pipe.ReadAtLeastAsync(4, cancellationToken);
        var magic = FirstBytes(start);
        pipe.AdvanceTo(start.Buffer.Start);
        var content = pipe.AsStream();
        if (magic is [0x1F, 0x8B, ..])
        {
            return new InputFile(name, counting, new GZipStream(content, CompressionMode.Decompress), length);
        }

        if (magic is [0x50, 0x4B, 0x03, 0x04])
        {
            content.Dispose();
            throw new CommandFailure($"{name} is a zip archive (or a spreadsheet): unpack it, or save it as CSV, first");
        }

        return new InputFile(name, counting, content, length);
    }

    public void Dispose() => Content.Dispose();

    private static byte[] FirstBytes(ReadResult start)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        foreach (var segment in start.Buffer)
        {
            foreach (var value in segment.Span)
            {
                if (count == bytes.Length)
                {
                    return bytes.ToArray();
                }

                bytes[count++] = value;
            }
        }

        return bytes[..count].ToArray();
    }
}
