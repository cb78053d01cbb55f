using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Engine.Checkpoints;
using CustomerSegmentation.Engine.Customers;
using CustomerSegmentation.Engine.Live;
using CustomerSegmentation.Storage.Profiles;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Sweeps;

/// <summary>The parts of the background work, each one round: the engine's loop calls them, and so does a simulation.</summary>
internal sealed class BackgroundWork(
    ActivationDirectory directory,
    CustomerTurns turns,
    CheckpointWriter checkpoints,
    EffectPublisher effects,
    JoinQueue joins,
    IProfileIndex profiles,
    Func<long> referenceMs,
    EngineOptions options,
    ILogger logger) : ICustomerRefresh
{
    /// <summary>Batches that leave in one round at most, so that the other rounds get their turn.</summary>
    private const int LeavingBatchesMax = 8;

    /// <summary>Told, inside its turn, of a customer that leaves memory because it was idle or too many are there; null for nobody.</summary>
    public Action<string>? OnLeft { get; init; }

    /// <summary>Lets idle customers leave memory, after what is new about them is written; while one batch is written, the next is picked.</summary>
    public async Task DeactivateAsync()
    {
        directory.Round++;
        var idleRounds = (int)Math.Min(int.MaxValue, options.IdleSeconds * 1000 / options.TickMs);
        var (before, written) = (new List<CustomerCell>(), Task.CompletedTask);
        for (var batch = 0; batch < LeavingBatchesMax; batch++)
        {
            var leaving = new List<CustomerCell>();
            directory.PickLeaving(leaving, options.CheckpointBatchMax, idleRounds);
            var next = checkpoints.WriteAsync(leaving);
            await written;
            var left = Leave(before);
            (before, written) = (leaving, next);
            if (leaving.Count < options.CheckpointBatchMax || !directory.IsCrowded || (batch > 0 && left == 0))
            {
                break;
            }
        }
        await written;
        Leave(before);
    }

    /// <inheritdoc />
    public Task<bool> WriteAllAsync() => checkpoints.WriteAllAsync();

    /// <summary>Wakes customers whom time alone may have moved.</summary>
    public async Task SweepDueAsync(CancellationToken cancellationToken)
    {
        var due = await profiles.ListDueAsync(referenceMs(), options.SweepBatchMax, cancellationToken);
        if (due.Count > 0)
        {
            await RefreshAsync(due, "time", cancellationToken);
        }
    }

    /// <inheritdoc />
    /// <remarks>Where memory is full, those who were only woken for this leave again, so that all get their turn.</remarks>
    public async Task<IReadOnlyList<string>> RefreshAsync(IReadOnlyList<string> customerIds, string cause, CancellationToken cancellationToken)
    {
        var cells = new List<CustomerCell>(customerIds.Count);
        var woken = new List<CustomerCell>();
        var failed = new List<string>();
        Exception? error = null;
        foreach (var id in customerIds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var wasAsleep = directory.Find(id) is null;
                if (wasAsleep && directory.IsCrowded && woken.Count > 0)
                {
                    await checkpoints.WriteAsync(woken);
                    woken.RemoveAll(TryRemove);
                }
                if (await RefreshAsync(id, cause, cancellationToken) is not { } cell)
                {
                    failed.Add(id);
                    continue;
                }
                cells.Add(cell);
                if (wasAsleep)
                {
                    woken.Add(cell);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failed.Add(id);
                error = e;
            }
        }
        if (failed.Count > 0)
        {
            EngineLog.RefreshFailed(logger, failed.Count, error);
        }
        await checkpoints.WriteAsync(cells);
        return failed;
    }

    /// <summary>Brings one customer to the present; its checkpoint follows.</summary>
    /// <returns>The customer's cell; null when there is no room for it.</returns>
    public async Task<CustomerCell?> RefreshAsync(string id, string cause, CancellationToken cancellationToken)
    {
        if (await turns.EnterAsync(id, cancellationToken) is not { } cell)
        {
            return null;
        }
        var waitsForJoins = false;
        try
        {
            if (!cell.Erased)
            {
                if (cell.Actor!.Refresh(cause))
                {
                    effects.Publish(cell.Actor);
                }
                waitsForJoins = cell.Actor.State.PendingJoins.Count > 0;
            }
        }
        finally
        {
            turns.Exit(cell);
        }
        if (waitsForJoins)
        {
            await joins.JoinAsync(id, cancellationToken);
        }
        return cell;
    }

    private int Leave(List<CustomerCell> cells)
    {
        var left = 0;
        foreach (var cell in cells)
        {
            if (TryRemove(cell))
            {
                left++;
            }
            else
            {
                directory.Keep(cell);
            }
        }
        return left;
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
            if (cell.Actor is { } actor)
            {
                effects.Publish(actor);
            }
            directory.Remove(cell);
            OnLeft?.Invoke(cell.CustomerId);
            return true;
        }
        finally
        {
            cell.Exit();
        }
    }
}
