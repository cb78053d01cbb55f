using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Live;

namespace CustomerSegmentation.Engine.Orleans.Live;

/// <summary>The cluster's live stream as readers see it: when the silo that gathers it is lost, it goes on at another, and what happened in between is missing.</summary>
internal sealed class ClusterFeed(IGrainFactory grains)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async IAsyncEnumerable<LiveEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await using var items = grains.GetGrain<ILiveGrain>(0).ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await TryMoveAsync(items, cancellationToken))
            {
                yield return items.Current;
            }
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<bool> TryMoveAsync(IAsyncEnumerator<LiveEvent> items, CancellationToken cancellationToken)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
