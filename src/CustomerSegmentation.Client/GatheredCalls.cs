namespace CustomerSegmentation.Client;

/// <summary>Calls that go together.</summary>
internal sealed class GatheredCalls(List<WaitingCall> calls)
{
    private readonly CancellationTokenSource _abandoned = new();
    private int _interested = calls.Count;

    public List<WaitingCall> Calls => calls;

    /// <summary>Cancelled when nobody waits for an answer any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>One of the callers has gone.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _interested) == 0)
        {
            _abandoned.Cancel();
        }
    }
}
