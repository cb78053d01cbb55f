using System.Threading.Channels;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Benchmarks.Cluster.Calls;

/// <summary>What a client could do: calls of any customers gather while a number of intakes are asked, and go to the next one together.</summary>
/// <param name="grains">Reaches the cluster.</param>
/// <param name="intakes">Calls under way at once.</param>
/// <param name="requestsMax">Requests in one.</param>
internal sealed class IntakeCalls(IGrainFactory grains, int intakes, int requestsMax) : IAsyncDisposable
{
    private readonly Channel<(TrackRequest Request, TaskCompletionSource<TrackReceipt> Receipt)> _waiting =
        Channel.CreateUnbounded<(TrackRequest, TaskCompletionSource<TrackReceipt>)>();

    private Task _sending = Task.CompletedTask;

    public IntakeCalls Start()
    {
        _sending = Task.WhenAll(Enumerable.Range(0, intakes).Select(i => Task.Run(() => SendAsync(grains.GetGrain<IIntakeGrain>(i)))));
        return this;
    }

    public Task<TrackReceipt> TrackAsync(TrackRequest request)
    {
        var receipt = new TaskCompletionSource<TrackReceipt>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Writer.TryWrite((request, receipt));
        return receipt.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _sending;
    }

    private async Task SendAsync(IIntakeGrain intake)
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var taken = new List<(TrackRequest Request, TaskCompletionSource<TrackReceipt> Receipt)>();
            while (taken.Count < requestsMax && _waiting.Reader.TryRead(out var next))
            {
                taken.Add(next);
            }

            if (taken.Count == 0)
            {
                continue;
            }

            var receipts = await intake.TrackAsync([.. taken.Select(t => t.Request)]);
            for (var i = 0; i < receipts.Length; i++)
            {
                taken[i].Receipt.SetResult(receipts[i]);
            }
        }
    }
}
