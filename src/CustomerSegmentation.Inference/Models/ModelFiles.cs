using System.Security.Cryptography;

namespace CustomerSegmentation.Inference.Models;

/// <summary>Reads a model's files whole, bounded, and checks that they are those that the manifest describes.</summary>
internal sealed class ModelFiles(IModelSource source, int bytesMax)
{
    private const int ManifestBytesMax = 1 << 20;

    /// <exception cref="ModelRefusedException">It is missing, too large, or no manifest that fits.</exception>
    public async Task<ModelManifest> ReadManifestAsync(string file, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(file, ManifestBytesMax, cancellationToken);
        return ModelManifest.Read(file, bytes.Span);
    }

    /// <exception cref="ModelRefusedException">It is missing, too large, or another file than the digest says.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(string file, string sha256, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(file, bytesMax, cancellationToken);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        return found.Equals(sha256, StringComparison.OrdinalIgnoreCase) ? bytes : throw new ModelRefusedException(
            file, ModelFault.Digest, $"sha256 is {found} over {bytes.Length} bytes; the manifest says {sha256.ToLowerInvariant()}");
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(string file, int max, CancellationToken cancellationToken)
    {
        var stream = await source.OpenAsync(file, cancellationToken) ?? throw new ModelRefusedException(file, ModelFault.File, "the file is missing");
        await using (stream)
        {
            var bytes = new byte[stream.CanSeek ? (int)Math.Min(stream.Length + 1, (long)max + 1) : 1 << 16];
            var length = 0;
            int read;
            while ((read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
                if (length > max)
                {
                    throw new ModelRefusedException(file, ModelFault.File, $"the file has more than {max} bytes");
                }

                if (length == bytes.Length)
                {
                    Array.Resize(ref bytes, (int)Math.Min(bytes.Length * 2L, (long)max + 1));
                }
            }

            return bytes.AsMemory(0, length);
        }
    }
}
