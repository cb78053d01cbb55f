using System.Text;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Storage.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>The sequence models that a shop has: those that were added to its storage, and the one that ships with the program.</summary>
/// <param name="store">Keeps what was added, and which version is chosen; none chosen means the shipped one.</param>
/// <param name="shippedManifest">Path of the shipped model's manifest; empty for none.</param>
internal sealed class ModelShelf(IModelStore store, string shippedManifest)
{
    private const string Kind = ModelManifest.SequenceKind;

    private readonly string _shippedPath = Path.GetFullPath(shippedManifest, AppContext.BaseDirectory);

    /// <summary>Why there is no shipped model; null when there is one.</summary>
    public string? NoShipped => shippedManifest.Length == 0 ? "none is configured" : File.Exists(_shippedPath) ? null : $"{_shippedPath} is not there";

    /// <summary>All models, the latest first, the shipped one last.</summary>
    public async Task<IReadOnlyList<ShelvedModel>> ListAsync(CancellationToken cancellationToken)
    {
        var models = (await store.ListAsync(Kind, cancellationToken)).Select(Shelve).ToList();
        if (await FindShippedAsync(cancellationToken) is { } shipped)
        {
            models.Add(shipped);
        }

        return models;
    }

    /// <summary>The model of a version; null when there is none.</summary>
    public async Task<ShelvedModel?> FindAsync(string version, CancellationToken cancellationToken) =>
        await store.FindAsync(Kind, version, cancellationToken) is { } record ? Shelve(record)
        : await FindShippedAsync(cancellationToken) is { } shipped && shipped.Version == version ? shipped
        : null;

    /// <summary>The model that ships with the program; null when there is none.</summary>
    public async Task<ShelvedModel?> FindShippedAsync(CancellationToken cancellationToken)
    {
        if (NoShipped is not null)
        {
            return null;
        }

        var file = Path.GetFileName(_shippedPath);
        return Shelve(
            Path.GetFileNameWithoutExtension(file), new FolderModelSource(Path.GetDirectoryName(_shippedPath)!), file,
            await File.ReadAllBytesAsync(_shippedPath, cancellationToken), null);
    }

    /// <summary>Keeps a model; false when it was there already.</summary>
    /// <exception cref="ModelConflictException">The version is there with another content.</exception>
    public async Task<bool> AddAsync(string version, string manifest, string checksum, string file, Stream content, CancellationToken cancellationToken) =>
        await store.PutAsync(
            new ModelUpload
            {
                Kind = Kind, Version = version, Manifest = manifest, Checksum = checksum, Files = [new ModelUploadFile(file, content)],
            },
            cancellationToken);

    /// <exception cref="InvalidOperationException">It is chosen, or was before.</exception>
    public Task<bool> RemoveAsync(string version, CancellationToken cancellationToken) => store.DeleteAsync(Kind, version, cancellationToken);

    public Task<ModelChoice> GetChoiceAsync(CancellationToken cancellationToken) => store.GetChoiceAsync(Kind, cancellationToken);

    /// <summary>Chooses a model; false when somebody else has chosen meanwhile.</summary>
    /// <exception cref="KeyNotFoundException">It is gone.</exception>
    public async Task<bool> TryChooseAsync(ModelChoice current, ShelvedModel model, CancellationToken cancellationToken) =>
        IsChosen(model, current) || await store.TryChooseAsync(current, model.IsShipped ? null : model.Version, cancellationToken) is not null;

    public static bool IsChosen(ShelvedModel model, ModelChoice choice) => model.IsShipped ? choice.Active is null : choice.Active == model.Version;

    private ShelvedModel Shelve(ModelRecord record) => Shelve(
        record.Version, new StoredModelSource(store, record), StoredModelSource.ManifestName(record), Encoding.UTF8.GetBytes(record.Manifest),
        DateTimeOffset.FromUnixTimeMilliseconds(record.StoredMs));

    private static ShelvedModel Shelve(string name, IModelSource source, string file, ReadOnlySpan<byte> manifest, DateTimeOffset? added)
    {
        try
        {
            var known = ModelManifest.Read(file, manifest);
            return new ShelvedModel(known.Version, source, file, known, null, added);
        }
        catch (ModelRefusedException e)
        {
            return new ShelvedModel(name, source, file, null, e.Message, added);
        }
    }
}
