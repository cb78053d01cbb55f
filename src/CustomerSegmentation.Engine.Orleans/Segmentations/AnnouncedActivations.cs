using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Engine.Orleans.Segmentations;

/// <summary>The store of versions; every silo has heard of an activation before anybody is re-assigned to it.</summary>
internal sealed class AnnouncedActivations(ISegmentationStore inner, Func<Task> announce) : ISegmentationStore
{
    public Task<int> NextVersionAsync(CancellationToken cancellationToken = default) => inner.NextVersionAsync(cancellationToken);

    public Task SaveAsync(SegmentationRecord record, CancellationToken cancellationToken = default) => inner.SaveAsync(record, cancellationToken);

    public Task<SegmentationRecord?> LoadAsync(int version, CancellationToken cancellationToken = default) => inner.LoadAsync(version, cancellationToken);

    public Task<IReadOnlyList<SegmentationRecord>> ListAsync(int beforeVersion, int limit, CancellationToken cancellationToken = default) =>
        inner.ListAsync(beforeVersion, limit, cancellationToken);

    public Task<ActiveSegmentation?> GetActiveAsync(CancellationToken cancellationToken = default) => inner.GetActiveAsync(cancellationToken);

    public async Task<ActiveSegmentation> SetActiveAsync(int version, long atMs, CancellationToken cancellationToken = default)
    {
        var active = await inner.SetActiveAsync(version, atMs, cancellationToken);
        await announce();
        return active;
    }
}
