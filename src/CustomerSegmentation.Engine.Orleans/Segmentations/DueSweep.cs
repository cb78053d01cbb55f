using CustomerSegmentation.Engine.Orleans.Silos;

namespace CustomerSegmentation.Engine.Orleans.Segmentations;

/// <summary>
/// Wakes customers whom time alone may have moved. Their silos write them a little later, so whoever was woken lately is still listed as due and is passed by.
/// </summary>
internal sealed class DueSweep(SiloCustomers silo, TimeProvider timeProvider)
{
    private readonly Dictionary<string, long> _woken = new(StringComparer.Ordinal);
    private bool _running;

    /// <summary>One look.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        if (_running)
        {
            return;
        }
        _running = true;
        try
        {
            var again = TimeSpan.FromMilliseconds(2.0 * silo.Options.CheckpointMs);
            foreach (var old in _woken.Where(w => timeProvider.GetElapsedTime(w.Value) >= again).Select(w => w.Key).ToList())
            {
                _woken.Remove(old);
            }
            var due = await silo.Storage.Profiles.ListDueAsync(silo.Clock.ReferenceMs, silo.Options.SweepBatchMax + _woken.Count, cancellationToken);
            var ids = due.Where(id => !_woken.ContainsKey(id)).Take(silo.Options.SweepBatchMax).ToList();
            if (ids.Count > 0)
            {
                await silo.Refreshes.RefreshAsync(ids, "time", cancellationToken);
                ids.ForEach(id => _woken[id] = timeProvider.GetTimestamp());
            }
        }
        finally
        {
            _running = false;
        }
    }
}
