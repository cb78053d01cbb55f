using CustomerSegmentation.Storage.Audiences;

namespace CustomerSegmentation.Simulation.Tests.Disk;

internal sealed class SimulatedAudienceStore(SimulatedDisk disk, SimulatedLine line) : IAudienceStore
{
    private IAudienceStore Inner => disk.Storage.Audiences;

    public Task<IReadOnlyList<AudienceRecord>> ListAsync(CancellationToken cancellationToken = default) =>
        line.DoAsync("the list of audiences", () => Inner.ListAsync(cancellationToken));

    public Task SaveAsync(AudienceRecord record, CancellationToken cancellationToken = default) => line.DoAsync("an audience", async () =>
    {
        await Inner.SaveAsync(record, cancellationToken);
        return true;
    });

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        line.DoAsync("the end of an audience", () => Inner.DeleteAsync(key, cancellationToken));

    public Task<IReadOnlyDictionary<string, long>> CountMembersAsync(CancellationToken cancellationToken = default) =>
        line.DoAsync("the sizes of audiences", () => Inner.CountMembersAsync(cancellationToken));
}
