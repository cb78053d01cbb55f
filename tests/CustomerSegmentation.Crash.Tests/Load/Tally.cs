namespace CustomerSegmentation.Crash.Tests.Load;

/// <summary>A count that can be waited for.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _awaited = [];
    private int _count;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public void Add()
    {
        lock (_gate)
        {
            _count++;
            _awaited.RemoveAll(a => a.Count <= _count && a.Reached.TrySetResult());
        }
    }

    /// <summary>Completes when it has grown by so many from now on.</summary>
    public Task GrowsAsync(int by)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited.Add((_count + by, reached));
        }

        return reached.Task;
    }
}
