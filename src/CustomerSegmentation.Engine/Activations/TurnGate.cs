namespace CustomerSegmentation.Engine.Activations;

/// <summary>
/// One turn at a time, first come, first served. A free gate is entered on the caller's own thread without allocation; only a busy one makes callers wait.
/// </summary>
internal class TurnGate
{
    private Queue<TaskCompletionSource>? _waiting;
    private bool _busy;

    /// <summary>Enters if the gate is free.</summary>
    public bool TryEnter()
    {
        lock (this)
        {
            if (_busy)
            {
                return false;
            }
            _busy = true;
            return true;
        }
    }

    /// <summary>Enters, after those who came before.</summary>
    /// <param name="waitingMax">How many may wait.</param>
    /// <returns>False when too many wait already.</returns>
    public ValueTask<bool> EnterAsync(int waitingMax)
    {
        TaskCompletionSource turn;
        lock (this)
        {
            if (!_busy)
            {
                _busy = true;
                return new ValueTask<bool>(true);
            }
            _waiting ??= new Queue<TaskCompletionSource>(2);
            if (_waiting.Count >= waitingMax)
            {
                return new ValueTask<bool>(false);
            }
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }
        return WaitAsync(turn.Task);
    }

    /// <summary>Ends the turn; the next in line enters.</summary>
    public void Exit()
    {
        TaskCompletionSource next;
        lock (this)
        {
            if (_waiting is null || _waiting.Count == 0)
            {
                _busy = false;
                _waiting = null;
                return;
            }
            next = _waiting.Dequeue();
        }
        next.SetResult();
    }

    private static async ValueTask<bool> WaitAsync(Task turn)
    {
        await turn;
        return true;
    }
}
