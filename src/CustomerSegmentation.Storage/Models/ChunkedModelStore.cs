using System.Runtime.CompilerServices;

namespace CustomerSegmentation.Storage.Models;

/// <summary>
/// Models in a database: files go in by pieces under an upload number, each in a short transaction, and the model's own row comes last. An upload that was
/// broken off, or a model that was deleted, leaves pieces that the next upload or deletion removes.
/// </summary>
internal abstract class ChunkedModelStore(TimeProvider timeProvider) : IModelStore
{
    /// <summary>An upload that began longer ago is taken for broken off.</summary>
    private static readonly TimeSpan UploadTime = TimeSpan.FromDays(1);

    private const int ChunksPerRemoval = 16;

    private long NowMs => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<bool> PutAsync(ModelUpload model, CancellationToken cancellationToken = default)
    {
        ModelLimits.Check(model);
        if (await IsThereAsync(model, cancellationToken))
        {
            return false;
        }

        foreach (var abandoned in await FindUploadsAsync(NowMs - (long)UploadTime.TotalMilliseconds, cancellationToken))
        {
            await RemoveAsync(abandoned, cancellationToken);
        }

        var upload = await BeginUploadAsync(NowMs, cancellationToken);
        try
        {
            var files = await WriteAsync(upload, model, cancellationToken);
            var record = new ModelRecord(model.Kind, model.Version, model.Manifest, model.Checksum, NowMs, files);
            if (await TryFinishUploadAsync(new StoredModel(record, upload), cancellationToken))
            {
                return true;
            }
        }
        catch
        {
            await TryRemoveAsync(upload);
            throw;
        }

        // Somebody else stored the version meanwhile.
        await RemoveAsync(upload, cancellationToken);
        return !await IsThereAsync(model, cancellationToken);
    }

    public async Task<IReadOnlyList<ModelRecord>> ListAsync(string kind, CancellationToken cancellationToken = default) =>
        [.. (await LoadAllAsync(kind, cancellationToken)).Select(m => m.Record)];

    public async Task<ModelRecord?> FindAsync(string kind, string version, CancellationToken cancellationToken = default) =>
        (await LoadAsync(kind, version, cancellationToken))?.Record;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string kind, string version, string file, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var model = await LoadAsync(kind, version, cancellationToken) ?? throw Missing(kind, version);
        var left = model.Record.Files.FirstOrDefault(f => f.Name == file)?.Bytes
            ?? throw new KeyNotFoundException($"Version '{version}' of the {kind} model has no file '{file}'.");
        for (var number = 0; left > 0; number++)
        {
            var chunk = await ReadChunkAsync(model.Upload, file, number, cancellationToken)
                ?? throw new IOException($"Version '{version}' of the {kind} model was deleted while it was read.");
            left -= chunk.Length;
            yield return chunk;
        }
    }

    public async Task<bool> DeleteAsync(string kind, string version, CancellationToken cancellationToken = default)
    {
        var removal = await DetachAsync(kind, version, cancellationToken);
        if (removal.IsChosen)
        {
            throw new InvalidOperationException($"Version '{version}' of the {kind} model is in use, or was before the one that is. Choose another one first.");
        }

        if (removal.Upload is not { } upload)
        {
            return false;
        }

        await TryRemoveAsync(upload);
        return true;
    }

    public abstract Task<ModelChoice> GetChoiceAsync(string kind, CancellationToken cancellationToken = default);

    public async Task<ModelChoice?> TryChooseAsync(ModelChoice current, string? version, CancellationToken cancellationToken = default)
    {
        var previous = version == current.Active ? current.Previous : current.Active;
        var next = new ModelChoice(current.Kind, version, previous, current.Revision + 1);
        if (await TryReplaceChoiceAsync(next, cancellationToken))
        {
            return next;
        }

        return version is null || await LoadAsync(current.Kind, version, cancellationToken) is not null ? null : throw Missing(current.Kind, version);
    }

    protected abstract Task<StoredModel?> LoadAsync(string kind, string version, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    protected abstract Task<IReadOnlyList<StoredModel>> LoadAllAsync(string kind, CancellationToken cancellationToken);

    /// <summary>Begins an upload; its number, never given before.</summary>
    protected abstract Task<long> BeginUploadAsync(long nowMs, CancellationToken cancellationToken);

    protected abstract Task WriteChunkAsync(long upload, string file, int number, byte[] chunk, CancellationToken cancellationToken);

    /// <summary>Ends an upload and stores its model, durably; false when the version is there.</summary>
    protected abstract Task<bool> TryFinishUploadAsync(StoredModel model, CancellationToken cancellationToken);

    /// <summary>Uploads that began before a moment and did not end.</summary>
    protected abstract Task<IReadOnlyList<long>> FindUploadsAsync(long beforeMs, CancellationToken cancellationToken);

    /// <summary>Removes some pieces of an upload, and the upload when none is left; false then.</summary>
    protected abstract Task<bool> RemoveChunksAsync(long upload, int chunksMax, CancellationToken cancellationToken);

    /// <summary>Deletes a model's row unless it is chosen; its pieces become those of an upload from long ago.</summary>
    protected abstract Task<ModelRemoval> DetachAsync(string kind, string version, CancellationToken cancellationToken);

    protected abstract Task<byte[]?> ReadChunkAsync(long upload, string file, int number, CancellationToken cancellationToken);

    /// <summary>Stores a choice if the stored one has the revision before it and the active version is stored.</summary>
    protected abstract Task<bool> TryReplaceChoiceAsync(ModelChoice next, CancellationToken cancellationToken);

    private async Task<bool> IsThereAsync(ModelUpload model, CancellationToken cancellationToken)
    {
        if (await LoadAsync(model.Kind, model.Version, cancellationToken) is not { Record: var stored })
        {
            return false;
        }

        return stored.Checksum == model.Checksum ? true : throw new ModelConflictException(model.Kind, model.Version, stored.Checksum);
    }

    private async Task<IReadOnlyList<ModelFile>> WriteAsync(long upload, ModelUpload model, CancellationToken cancellationToken)
    {
        var files = new List<ModelFile>();
        var total = 0L;
        foreach (var (name, content) in model.Files)
        {
            var bytes = 0L;
            for (var number = 0; ; number++)
            {
                var chunk = new byte[ModelLimits.ChunkBytes];
                var count = await content.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellationToken);
                if (count == 0)
                {
                    break;
                }

                bytes += count;
                total += count;
                ModelLimits.CheckBytes(total);
                await WriteChunkAsync(upload, name, number, count == chunk.Length ? chunk : chunk[..count], cancellationToken);
            }

            files.Add(new ModelFile(name, bytes));
        }

        return files;
    }

    private async Task RemoveAsync(long upload, CancellationToken cancellationToken)
    {
        while (await RemoveChunksAsync(upload, ChunksPerRemoval, cancellationToken))
        {
        }
    }

    /// <summary>Removes the pieces, or leaves them to the next upload.</summary>
    private async Task TryRemoveAsync(long upload)
    {
        try
        {
            await RemoveAsync(upload, CancellationToken.None);
        }
        catch (Exception)
        {
            // The storage has said what is wrong; nobody can see the pieces.
        }
    }

    private static KeyNotFoundException Missing(string kind, string version) => new($"There is no version '{version}' of the {kind} model.");
}
