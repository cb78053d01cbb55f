using System.IO.Compression;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>Writes a file under a temporary name beside its place and renames it when it is complete; compressed when its name ends in <c>.gz</c>.</summary>
internal static class AtomicFile
{
    /// <exception cref="CommandFailure">The file cannot be written.</exception>
    public static async Task WriteAsync(string path, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Environment.ProcessId}.part";
        try
        {
            await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
                {
                    await using var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
                    await write(gzip);
                }
                else
                {
                    await write(file);
                }

                await file.FlushAsync(cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new CommandFailure($"cannot write {path}: {e.Message}", e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
