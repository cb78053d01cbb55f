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

    /// <summary>Brings customers to the present and writes them.</summary>
    /// <param name="customerIds">Who.</param>
    /// <param name="cause">Named in transitions.</param>
    /// <param name="cancellationToken">Stops between customers.</param>
    public async Task RefreshAsync(IReadOnlyList<string> customerIds, string cause, CancellationToken cancellationToken)
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
