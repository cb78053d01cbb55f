using CustomerSegmentation.Storage.Customers;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Sweeps;

/// <summary>
/// After an unclean stop: brings customers up to date whose profile rows lag behind their journals. A search that fails is made again after a pause.
/// </summary>
internal sealed class StaleRecovery(
    ICustomerRefresh refresh, WholeSweep sweep, ICustomerStore customers, TimeProvider timeProvider, ILogger logger)
{
    private const int BatchMax = 256;
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(10);

    private long? _endedAt;
    private bool _running;

    /// <summary>Whether everybody who lagged behind was found.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether <see cref="RunAsync"/> is to be called now.</summary>
    public bool TryBegin()
    {
        var due = !IsDone && !_running && (_endedAt is not { } ended || timeProvider.GetElapsedTime(ended) >= AgainAfter);
        _running |= due;
        return due;
    }

    /// <summary>Somebody else may have left customers behind: looks again.</summary>
    public void Repeat() => (IsDone, _endedAt) = (false, null);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var recovered = 0;
            var batch = new List<string>(BatchMax);
            await foreach (var id in customers.FindStaleAsync(cancellationToken))
            {
                batch.Add(id);
                if (batch.Count == BatchMax)
                {
                    recovered += await RefreshAsync(batch, cancellationToken);
                    batch = new List<string>(BatchMax);
                }
            }
            recovered += await RefreshAsync(batch, cancellationToken);
            IsDone = true;
            if (recovered > 0)
            {
                EngineLog.RecoveredStale(logger, recovered);
            }
        }
        finally
        {
            _endedAt = timeProvider.GetTimestamp();
            _running = false;
        }
    }

    private async Task<int> RefreshAsync(List<string> ids, CancellationToken cancellationToken)
    {
        var failed = await refresh.RefreshAsync(ids, "event", cancellationToken);
        sweep.Retry(failed);
        return ids.Count - failed.Count;
    }
}
