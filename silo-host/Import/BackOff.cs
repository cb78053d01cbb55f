namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Waits longer and longer between attempts, and gives up after a minute without progress.</summary>
internal sealed class BackOff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;
    private long _lastProgress = time.GetTimestamp();

    /// <summary>Tells whether the last attempt got something done.</summary>
    public void Progressed(bool progressed)
    {
        if (progressed)
        {
            _lastProgress = time.GetTimestamp();
            _next = First;
        }
    }

    /// <summary>Waits before the next attempt; false when patience is over.</summary>
    /// <param name="asked">How long the other side asks to wait; null for the own schedule.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> WaitAsync(TimeSpan? asked, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_lastProgress) > Patience)
        {
            return false;
        }

        var delay = asked is { } longer && longer > _next ? longer : _next;
        await Task.Delay(delay < Patience ? delay : Patience, time, cancellationToken);
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return true;
    }
}
