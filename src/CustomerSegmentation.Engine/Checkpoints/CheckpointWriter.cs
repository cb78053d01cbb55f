using System.Collections.Concurrent;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Checkpoints;

/// <summary>
/// Writes snapshots and profile rows behind the journal. Customers whose segment or audiences changed go first, soon; the others wait, so that a busy
/// customer is written once for many events.
/// </summary>
internal sealed class CheckpointWriter(
    ICustomerStore store,
    TimeProvider timeProvider,
    EngineOptions options,
    Func<ProfileChanges, Task> onChanges,
    Action<string> onLost,
    ILogger logger)
{
    /// <summary>Batches of those who may wait that one call writes, so that whoever calls gets to its other work.</summary>
    private const int LaterBatchesMax = 4;

    private readonly SemaphoreSlim _building = new(1, 1);
    private readonly ConcurrentQueue<(CustomerCell Cell, long At)> _soon = new();
    private readonly ConcurrentQueue<(CustomerCell Cell, long At)> _later = new();
    private Task<bool> _stored = Task.FromResult(true);

    /// <summary>Queues a customer after a turn that changed it. Call inside the turn.</summary>
    public void Schedule(CustomerCell cell)
    {
        var now = timeProvider.GetTimestamp();
        if (cell.Actor!.HasVisibleChange && cell.Queued != CustomerCell.CheckpointQueue.Soon)
        {
            cell.Queued = CustomerCell.CheckpointQueue.Soon;
            _soon.Enqueue((cell, now));
        }
        else if (cell.Queued == CustomerCell.CheckpointQueue.None)
        {
            cell.Queued = CustomerCell.CheckpointQueue.Later;
            _later.Enqueue((cell, now));
        }
    }

    /// <summary>Writes whoever's time has come. A backlog of those who may wait is worked off over several calls.</summary>
    public async Task WriteDueAsync()
    {
        var now = timeProvider.GetTimestamp();
        if (await DrainAsync(_soon, options.VisibleCheckpointMs, now, int.MaxValue))
        {
            await DrainAsync(_later, options.CheckpointMs, now, LaterBatchesMax);
        }
    }

    /// <summary>Writes everybody who is queued by now, whether or not the time has come, and waits for those who are being written.</summary>
    /// <returns>False when the storage did not take them.</returns>
    public async Task<bool> WriteAllAsync()
    {
        var now = timeProvider.GetTimestamp();
        return await DrainAsync(_soon, 0, now, int.MaxValue) && await DrainAsync(_later, 0, now, int.MaxValue) && await WriteAsync([]);
    }

    /// <summary>Writes until nobody is queued: for the end, when no more come but those whose turns were under way.</summary>
    /// <returns>False when the storage did not take them.</returns>
    public async Task<bool> WriteRestAsync()
    {
        bool taken;
        do
        {
            taken = await WriteAllAsync();
        }
        while (taken && !(_soon.IsEmpty && _later.IsEmpty));
        return taken;
    }

    /// <summary>
    /// Writes these customers now, those of them that have changed. What calls build is written in the order of the calls, so that no older checkpoint
    /// lands on a newer one; while the storage writes for one, the next is built.
    /// </summary>
    /// <returns>False when the storage did not take them; they are queued again.</returns>
    public async Task<bool> WriteAsync(IReadOnlyList<CustomerCell> cells)
    {
        Task<bool> stored;
        await _building.WaitAsync();
        try
        {
            var built = new List<(CustomerCell Cell, CustomerCheckpoint Checkpoint, JournalAppend? After)>(cells.Count);
            foreach (var cell in cells)
            {
                if (await BuildAsync(cell) is { } one)
                {
                    built.Add(one);
                }
            }
            _stored = stored = StoreAsync(_stored, built);
        }
        finally
        {
            _building.Release();
        }
        return await stored;
    }

    private async Task<bool> DrainAsync(ConcurrentQueue<(CustomerCell Cell, long At)> queue, int afterMs, long now, int batchesMax)
    {
        var before = Task.FromResult(true);
        for (var batch = 0; batch < batchesMax && Take(queue, afterMs, now) is { Count: > 0 } cells; batch++)
        {
            var next = WriteAsync(cells);
            if (!await before)
            {
                await next;
                return false;
            }
            before = next;
        }
        return await before;
    }

    /// <summary>Stores after <paramref name="before"/> has ended; never throws.</summary>
    private async Task<bool> StoreAsync(Task before, List<(CustomerCell Cell, CustomerCheckpoint Checkpoint, JournalAppend? After)> built)
    {
        var ready = new List<CustomerCheckpoint>(built.Count);
        foreach (var (_, checkpoint, after) in built)
        {
            if (after is not null)
            {
                await after.Completion;
            }
            if (after is null || after.Outcome == JournalOutcome.Committed)
            {
                ready.Add(checkpoint);
            }
        }
        await before;
        try
        {
            if (ready.Count > 0)
            {
                await onChanges(await store.CheckpointAsync(ready));
            }
            return true;
        }
        catch (Exception e)
        {
            EngineLog.CheckpointFailed(logger, ready.Count, e);
            foreach (var (cell, _, _) in built)
            {
                await QueueAgainAsync(cell);
            }
            return false;
        }
    }

    private static async ValueTask<(CustomerCell, CustomerCheckpoint, JournalAppend?)?> BuildAsync(CustomerCell cell)
    {
        while (true)
        {
            JournalAppend unnamed;
            if (!cell.TryEnter())
            {
                await cell.EnterAsync(int.MaxValue);
            }
            try
            {
                cell.Queued = CustomerCell.CheckpointQueue.None;
                if (cell.Removed || cell.Actor is not { IsDirty: true } actor)
                {
                    return null;
                }
                if (actor.StorageKey != 0)
                {
                    return (cell, actor.BuildCheckpoint(), actor.LastAppend);
                }
                unnamed = actor.LastAppend!;
            }
            finally
            {
                cell.Exit();
            }
            // The first commit gives the customer its key. One that fails takes the activation with it, and nothing is left to write.
            await unnamed.Completion;
            if (unnamed.Outcome != JournalOutcome.Committed)
            {
                return null;
            }
        }
    }

    private async ValueTask QueueAgainAsync(CustomerCell cell)
    {
        if (!cell.TryEnter())
        {
            await cell.EnterAsync(int.MaxValue);
        }
        if (cell.Actor is { } actor)
        {
            actor.MarkDirty();
            Schedule(cell);
        }
        else
        {
            // It left memory while it was written, when nothing about it seemed new.
            onLost(cell.CustomerId);
        }
        cell.Exit();
    }

    private List<CustomerCell> Take(ConcurrentQueue<(CustomerCell Cell, long At)> queue, int afterMs, long now)
    {
        var cells = new List<CustomerCell>();
        while (cells.Count < options.CheckpointBatchMax && queue.TryPeek(out var head)
            && timeProvider.GetElapsedTime(head.At, now).TotalMilliseconds >= afterMs && queue.TryDequeue(out head))
        {
            // Who has left memory was written before, or is lost on purpose.
            if (!head.Cell.Removed)
            {
                cells.Add(head.Cell);
            }
        }
        return cells;
    }
}
