using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Storage.InMemory;

internal sealed class InMemorySegmentationStore(InMemoryData data) : ISegmentationStore
{
    public Task<int> NextVersionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            return Task.FromResult(++data.LastVersion);
        }
    }

    public Task SaveAsync(SegmentationRecord record, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            data.Segmentations[record.Version] = record with { Payload = record.Payload.ToArray() };
            data.LastVersion = Math.Max(data.LastVersion, record.Version);
        }

        return Task.CompletedTask;
    }

    public Task<SegmentationRecord?> LoadAsync(int version, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            return Task.FromResult(data.Segmentations.GetValueOrDefault(version));
        }
    }

    public Task<IReadOnlyList<SegmentationRecord>> ListAsync(int beforeVersion, int limit, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            SegmentationRecord[] page = [.. data.Segmentations.Values.Where(s => s.Version < beforeVersion).Reverse().Take(limit)];
            return Task.FromResult<IReadOnlyList<SegmentationRecord>>(page);
        }
    }

    public Task<ActiveSegmentation> SetActiveAsync(int version, long atMs, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            var active = new ActiveSegmentation(version, (data.Active?.Activation ?? 0) + 1, atMs);
            data.Active = active;
            return Task.FromResult(active);
        }
    }

    public Task<ActiveSegmentation?> GetActiveAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            return Task.FromResult(data.Active);
        }
    }
}
