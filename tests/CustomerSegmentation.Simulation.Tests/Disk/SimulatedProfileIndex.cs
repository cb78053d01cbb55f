using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Simulation.Tests.Disk;

internal sealed class SimulatedProfileIndex(SimulatedDisk disk, SimulatedLine line) : IProfileIndex
{
    private IProfileIndex Inner => disk.Storage.Profiles;

    public Task<ProfileTotals> GetTotalsAsync(CancellationToken cancellationToken = default) => line.DoAsync("totals", async () =>
    {
        var totals = await Inner.GetTotalsAsync(cancellationToken);
        return disk.Fault == DeliberateFault.TotalsOffByOne
            ? totals with { Segments = [.. totals.Segments.Select(s => s with { Customers = s.Customers + 1 })] }
            : totals;
    });

    public Task<IReadOnlyList<CustomerSummary>> ListAsync(string? segment, string? afterId, int limit, CancellationToken cancellationToken = default) =>
        line.DoAsync("a list", () => Inner.ListAsync(segment, afterId, limit, cancellationToken));

    public async IAsyncEnumerable<IReadOnlyList<ProfileRow>> ScanAsync(
        KeyRange range, int batchSize, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Small batches, so that much happens between two of them.
        await foreach (var batch in Inner.ScanAsync(range, Math.Min(batchSize, 4), cancellationToken))
        {
            await line.WaitAsync();
            yield return batch;
        }
    }

    public Task<long> GetLastKeyAsync(CancellationToken cancellationToken = default) => line.DoAsync("the last key", () => Inner.GetLastKeyAsync(cancellationToken));

    public Task<IReadOnlyList<string>> ListDueAsync(long nowMs, int limit, CancellationToken cancellationToken = default) =>
        line.DoAsync("the list of the due", () => Inner.ListDueAsync(nowMs, limit, cancellationToken));

    public Task<ProfileChanges> ReassignAsync(
        int version, long activation, IReadOnlyList<ProfileAssignment> assignments, CancellationToken cancellationToken = default) =>
        line.DoAsync("a re-assignment", () => Inner.ReassignAsync(version, activation, assignments, cancellationToken));

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(long sinceMs, CancellationToken cancellationToken = default) =>
        Inner.GetFlowsAsync(sinceMs, cancellationToken);
}
