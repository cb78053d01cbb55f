using CustomerSegmentation.Engine.Orleans.Customers;
using CustomerSegmentation.Engine.Sweeps;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>Brings customers of the whole cluster to the present, a bounded number at a time; their silos write them.</summary>
internal sealed class ClusterRefresh(IGrainFactory grains, AllSilos silos, ILogger logger) : ICustomerRefresh
{
    private const int CallsMax = 64;

    public Task<bool> WriteAllAsync() => silos.WriteAllAsync();

    public async Task<IReadOnlyList<string>> RefreshAsync(IReadOnlyList<string> customerIds, string cause, CancellationToken cancellationToken)
    {
        var failed = new List<string>();
        Exception? error = null;
        foreach (var part in customerIds.Chunk(CallsMax))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var calls = Array.ConvertAll(part, id => grains.GetGrain<ICustomerPeerGrain>(CustomerKey.Of(id)).RefreshAsync(cause, cancellationToken));
            for (var i = 0; i < calls.Length; i++)
            {
                try
                {
                    if (!await calls[i])
                    {
                        failed.Add(part[i]);
                    }
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    failed.Add(part[i]);
                    error = e;
                }
            }
        }
        if (failed.Count > 0)
        {
            EngineLog.RefreshFailed(logger, failed.Count, error);
        }
        return failed;
    }
}
