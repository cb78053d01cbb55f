using CustomerSegmentation.Storage.Models;

namespace CustomerSegmentation.Storage.InMemory;

internal sealed class InMemoryModelStore(InMemoryData data) : ChunkedModelStore(new NoTime())
{
    public override Task<ModelChoice> GetChoiceAsync(string kind, CancellationToken cancellationToken = default) =>
        Do(() => data.Models.Choices.GetValueOrDefault(kind) ?? new ModelChoice(kind, null, null, 0), cancellationToken);

    protected override Task<StoredModel?> LoadAsync(string kind, string version, CancellationToken cancellationToken) =>
        Do(() => data.Models.Stored.GetValueOrDefault((kind, version)), cancellationToken);

    protected override Task<IReadOnlyList<StoredModel>> LoadAllAsync(string kind, CancellationToken cancellationToken) => Do<IReadOnlyList<StoredModel>>(
        () => [.. data.Models.Stored.Values.Where(m => m.Record.Kind == kind).OrderByDescending(m => m.Upload)], cancellationToken);

    protected override Task<long> BeginUploadAsync(long nowMs, CancellationToken cancellationToken) => Do(
        () =>
        {
            data.Models.Chunks.Add(++data.Models.LastUpload, []);
            return data.Models.LastUpload;
        },
        cancellationToken);

    protected override Task WriteChunkAsync(long upload, string file, int number, byte[] chunk, CancellationToken cancellationToken) =>
        Do(() => data.Models.Chunks[upload][(file, number)] = chunk, cancellationToken);

    protected override Task<bool> TryFinishUploadAsync(StoredModel model, CancellationToken cancellationToken) =>
        Do(() => data.Models.Stored.TryAdd((model.Record.Kind, model.Record.Version), model), cancellationToken);

    /// <summary>None: what is broken off is removed by who began it.</summary>
    protected override Task<IReadOnlyList<long>> FindUploadsAsync(long beforeMs, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<long>>(() => [], cancellationToken);

    protected override Task<bool> RemoveChunksAsync(long upload, int chunksMax, CancellationToken cancellationToken) => Do(
        () =>
        {
            data.Models.Chunks.Remove(upload);
            return false;
        },
        cancellationToken);

    protected override Task<ModelRemoval> DetachAsync(string kind, string version, CancellationToken cancellationToken) => Do(
        () => data.Models.Choices.TryGetValue(kind, out var choice) && (choice.Active == version || choice.Previous == version)
            ? new ModelRemoval(true, null)
            : new ModelRemoval(false, data.Models.Stored.Remove((kind, version), out var removed) ? removed.Upload : null),
        cancellationToken);

    protected override Task<byte[]?> ReadChunkAsync(long upload, string file, int number, CancellationToken cancellationToken) =>
        Do(() => data.Models.Chunks.GetValueOrDefault(upload)?.GetValueOrDefault((file, number)), cancellationToken);

    protected override Task<bool> TryReplaceChoiceAsync(ModelChoice next, CancellationToken cancellationToken) => Do(
        () =>
        {
            var found = data.Models.Choices.GetValueOrDefault(next.Kind)?.Revision ?? 0;
            if (found != next.Revision - 1 || (next.Active is { } active && !data.Models.Stored.ContainsKey((next.Kind, active))))
            {
                return false;
            }

            data.Models.Choices[next.Kind] = next;
            return true;
        },
        cancellationToken);

    private Task<T> Do<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        lock (data.Gate)
        {
            return Task.FromResult(work());
        }
    }

    /// <summary>The storage in memory has no clock of its own; the order of its models is that of their uploads.</summary>
    private sealed class NoTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
