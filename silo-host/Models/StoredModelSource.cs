using System.Text;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Storage.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>The files of a model in the shop's storage.</summary>
internal sealed class StoredModelSource(IModelStore store, ModelRecord record) : IModelSource
{
    /// <summary>What the manifest is called among the files.</summary>
    public static string ManifestName(ModelRecord record) => $"{record.Version}.json";

    public Task<Stream?> OpenAsync(string file, CancellationToken cancellationToken = default) => Task.FromResult<Stream?>(
        file == ManifestName(record) ? new MemoryStream(Encoding.UTF8.GetBytes(record.Manifest), writable: false)
        : record.Files.Any(f => f.Name == file) ? new PieceStream(store.ReadAsync(record.Kind, record.Version, file, cancellationToken))
        : null);
}
