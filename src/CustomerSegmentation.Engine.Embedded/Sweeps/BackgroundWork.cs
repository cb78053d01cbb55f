using System.Collections.Concurrent;
using CustomerSegmentation.Engine.Embedded.Activations;
using CustomerSegmentation.Engine.Embedded.Checkpoints;
using CustomerSegmentation.Engine.Embedded.Customers;
using CustomerSegmentation.Engine.Embedded.Live;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Sweeps;

/// <summary>The parts of the background work, each one round: the engine's loop calls them, and so does a simulation.</summary>
internal sealed class BackgroundWork(
    ActivationDirectory directory,
    CustomerTurns turns,
    CheckpointWriter checkpoints,
    EffectPublisher effects,
    JoinQueue joins,
    IProfileIndex profiles,
    Func<long> referenceMs,
    EngineOptions options)
{
    private const int LeavingMax = 512;

    private readonly ConcurrentQueue<string> _behind = new();

    /// <summary>Lets idle customers leave memory, after what is new about them is written.</summary>
    public async Task DeactivateAsync()
    {
        directory.Round++;
        var leaving = new List<CustomerCell>();
        var idleRounds = (int)Math.Min(int.MaxValue, options.IdleSeconds * 1000 / options.TickMs);
        do
        {
            leaving.Clear();
            directory.PickLeaving(leaving, LeavingMax, idleRounds);
            await checkpoints.WriteAsync(leaving);
            foreach (var cell in leaving)
            {
                if (!TryRemove(cell))
                {
                    directory.Keep(cell);
                }
            }
        }
        while (leaving.Count == LeavingMax && directory.IsOverLimit);
    }

    /// <summary>Wakes customers whom time alone may have moved.</summary>
    public async Task SweepDueAsync(CancellationToken cancellationToken)
    {
        var due = await profiles.ListDueAsync(referenceMs(), options.SweepBatchMax, cancellationToken);
        if (due.Count > 0)
        {
            await RefreshAsync(due, "time", cancellationToken);
        }
    }

    /// <summary>
    /// Remembers a customer whose profile may lag behind the journal: an append whose outcome is unknown may be there, though nobody in memory knows of it.
    /// </summary>
    public void CatchUpLater(string customerId) => _behind.Enqueue(customerId);

    /// <summary>Whether somebody is remembered.</summary>
    public bool IsBehind => !_behind.IsEmpty;

    /// <summary>Brings those who were remembered up to date.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var customerIds = new List<string>();
        while (customerIds.Count < options.SweepBatchMax && _behind.TryDequeue(out var id))
        {
            customerIds.Add(id);
        }
        return CatchUpAsync(customerIds, cancellationToken);
    }

    /// <summary>Brings customers up to date who lag behind the journal; whoever cannot be now is remembered.</summary>
    public async Task CatchUpAsync(IReadOnlyList<string> customerIds, CancellationToken cancellationToken)
    {
        var done = 0;
        try
        {
            done = await RefreshAsync(customerIds, "event", cancellationToken);
        }
        finally
        {
            foreach (var id in customerIds.Skip(done))
            {
                CatchUpLater(id);
            }
        }
    }

    /// <summary>Brings customers to the present and writes them.</summary>
    /// <param name="customerIds">Who.</param>
    /// <param name="cause">Named in transitions.</param>
    /// <param name="cancellationToken">Stops between customers.</param>
    /// <returns>How many there was room for in memory, from the first on.</returns>
    public async Task<int> RefreshAsync(IReadOnlyList<string> customerIds, string cause, CancellationToken cancellationToken)
    {
        var cells = new List<CustomerCell>(customerIds.Count);
        foreach (var id in customerIds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await turns.EnterAsync(id, cancellationToken) is not { } cell)
            {
                break;
            }
            var waitsForJoins = false;
            try
            {
                if (!cell.Erased && cell.Actor!.Refresh(cause))
                {
                    effects.Publish(cell.Actor);
                }
                waitsForJoins = !cell.Erased && cell.Actor!.State.PendingJoins.Count > 0;
            }
            finally
            {
                turns.Exit(cell);
            }
            cells.Add(cell);
            if (waitsForJoins)
            {
                await joins.JoinAsync(id, cancellationToken);
            }
        }
        await checkpoints.WriteAsync(cells);
        return cells.Count;
    }

    private bool TryRemove(CustomerCell cell)
    {
        if (!cell.TryEnter())
        {
            return false;
        }
        try
        {
            if (cell.Removed)
            {
                return true;
            }
            if (cell.Actor is { IsDirty: true } or { LastAppend.Completion.IsCompleted: false })
            {
                return false;
            }
            directory.Remove(cell);
            return true;
        }
        finally
        {
            cell.Exit();
        }
    }
}
