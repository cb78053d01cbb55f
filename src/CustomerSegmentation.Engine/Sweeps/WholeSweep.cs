using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Sweeps;

/// <summary>
/// Brings everybody to the present after a change that concerns everybody: other audiences, other segments under audiences. One sweep at a time; a request
/// during a sweep makes another one. Customers who could not be refreshed are tried again.
/// </summary>
internal sealed class WholeSweep(ICustomerRefresh customers, IProfileIndex profiles, TimeProvider timeProvider)
{
    private const int BatchSize = 256;

    /// <summary>More who failed than this are not remembered one by one: everybody is swept again.</summary>
    private const int FailedMax = 100_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private List<string> _failed = [];
    private bool _requested;
    private bool _incomplete;
    private bool _running;
    private long _endedAt;

    /// <summary>Whether a sweep is asked for and has not reached everybody, or somebody is to be tried again.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_lock)
            {
                return _requested || _running || _incomplete || _failed.Count > 0;
            }
        }
    }

    /// <summary>Asks for a sweep of everybody.</summary>
    public void Request()
    {
        lock (_lock)
        {
            _requested = true;
        }
    }

    /// <summary>Asks for another try with these.</summary>
    public void Retry(IReadOnlyList<string> customerIds)
    {
        lock (_lock)
        {
            if (_failed.Count + customerIds.Count <= FailedMax)
            {
                _failed.AddRange(customerIds);
            }
            else
            {
                _incomplete = true;
                _failed = [];
            }
        }
    }

    /// <summary>Whether there is something to do now; then <see cref="RunAsync"/> must follow.</summary>
    public bool TryBegin()
    {
        lock (_lock)
        {
            var retries = (_incomplete || _failed.Count > 0) && (_endedAt == 0 || timeProvider.GetElapsedTime(_endedAt) >= RetryAfter);
            return !_running && (_requested || retries) && (_running = true);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<string> failed;
        bool everybody;
        lock (_lock)
        {
            everybody = _requested || _incomplete;
            _requested = false;
            (failed, _failed) = (_failed, []);
        }
        var ended = false;
        try
        {
            // Who failed need not have a profile row yet, so the scan may pass them by.
            Retry(await customers.RefreshAsync(failed, "event", cancellationToken));
            if (everybody)
            {
                // Who is new may be in memory alone, where the scan does not look.
                _incomplete = !await customers.WriteAllAsync();
                await foreach (var rows in profiles.ScanAsync(BatchSize, cancellationToken))
                {
                    Retry(await customers.RefreshAsync([.. rows.Select(r => r.CustomerId)], "event", cancellationToken));
                }
            }
            ended = true;
        }
        finally
        {
            if (!ended)
            {
                Retry(failed);
            }
            lock (_lock)
            {
                _incomplete |= everybody && !ended;
                _running = false;
                _endedAt = timeProvider.GetTimestamp();
            }
        }
    }
}
