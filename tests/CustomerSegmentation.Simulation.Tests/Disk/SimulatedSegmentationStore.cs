using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Simulation.Tests.Disk;

internal sealed class SimulatedSegmentationStore(SimulatedDisk disk, SimulatedLine line) : ISegmentationStore
{
    private ISegmentationStore Inner => disk.Storage.Segmentations;

    public Task<int> NextVersionAsync(CancellationToken cancellationToken = default) =>
        line.DoAsync("the next version", () => Inner.NextVersionAsync(cancellationToken));

    public Task SaveAsync(SegmentationRecord record, CancellationToken cancellationToken = default) => line.DoAsync("a version", async () =>
    {
        await Inner.SaveAsync(record, cancellationToken);
        return true;
    });

    public Task<SegmentationRecord?> LoadAsync(int version, CancellationToken cancellationToken = default) =>
        line.DoAsync("the load of a version", () => Inner.LoadAsync(version, cancellationToken));

    public Task<IReadOnlyList<SegmentationRecord>> ListAsync(int beforeVersion, int limit, CancellationToken cancellationToken = default) =>
        line.DoAsync("the list of versions", () => Inner.ListAsync(beforeVersion, limit, cancellationToken));

    public Task<ActiveSegmentation> SetActiveAsync(int version, long atMs, CancellationToken cancellationToken = default) =>
        line.DoAsync("an activation", () => Inner.SetActiveAsync(version, atMs, cancellationToken));

    public Task<ActiveSegmentation?> GetActiveAsync(CancellationToken cancellationToken = default) =>
        line.DoAsync("the active version", () => Inner.GetActiveAsync(cancellationToken));
}
