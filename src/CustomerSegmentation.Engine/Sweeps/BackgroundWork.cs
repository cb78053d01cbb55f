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
    private const int LeavingMax = 512;

    /// <summary>Lets idle customers leave memory, after what is new about them is written.</summary>
    public async Task DeactivateAsync()
    {
        directory.Round++;
        var leaving = new List<CustomerCell>();
        var idleRounds = (int)Math.Min(int.MaxValue, options.IdleSeconds * 1000 / options.TickMs);
        int left;
        do
        {
            left = 0;
            leaving.Clear();
            directory.PickLeaving(leaving, LeavingMax, idleRounds);
            await checkpoints.WriteAsync(leaving);
            foreach (var cell in leaving)
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
        }
        while (left > 0 && leaving.Count == LeavingMax && directory.IsOverLimit);
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
                if (wasAsleep && directory.IsOverLimit && woken.Count > 0)
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
            return true;
        }
        finally
        {
            cell.Exit();
        }
    }
}
