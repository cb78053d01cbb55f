namespace CustomerSegmentation.Simulation.Tests.Scheduling;

/// <summary>
/// Everything that waits to run, of all simulated processes. The seed chooses what runs next, so that completions overtake one another as they do in
/// reality; one thread runs it all.
/// </summary>
internal sealed class SimulatedScheduler(Random random)
{
    private readonly List<(SimulatedContext Context, SendOrPostCallback Callback, object? State)> _waiting = [];
    private readonly List<object?> _lost = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile string? _escape;

    public int Steps { get; private set; }

    /// <summary>Where work came from another thread; null while it never did.</summary>
    public string? Escape => _escape;

    public void Add(SimulatedContext context, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _escape ??= Environment.StackTrace;
            return;
        }
        _waiting.Add((context, callback, state));
    }

    /// <summary>Keeps what a dead process waited for: a finalizer would end its timers at a moment that does not follow from the seed.</summary>
    public void Lose(object? state) => _lost.Add(state);

    /// <summary>Runs one of those that wait; false when nobody does.</summary>
    public bool Step()
    {
        if (_waiting.Count == 0)
        {
            return false;
        }
        Steps++;
        var index = random.Next(_waiting.Count);
        var (context, callback, state) = _waiting[index];
        _waiting[index] = _waiting[^1];
        _waiting.RemoveAt(_waiting.Count - 1);
        context.Run(callback, state);
        return true;
    }
}
