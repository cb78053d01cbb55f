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
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentQueue<(CustomerCell Cell, long At)> _soon = new();
    private readonly ConcurrentQueue<(CustomerCell Cell, long At)> _later = new();

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

    /// <summary>Writes whoever's time has come.</summary>
    public async Task WriteDueAsync()
    {
        var cells = new List<CustomerCell>();
        while (Take(_soon, options.VisibleCheckpointMs, cells) || Take(_later, options.CheckpointMs, cells))
        {
            if (!await WriteAsync(cells))
            {
                return;
            }
            cells.Clear();
        }
    }

    /// <summary>Writes everybody who is queued, whether or not the time has come.</summary>
    public async Task<bool> WriteAllAsync()
    {
        var cells = new List<CustomerCell>();
        while (Take(_soon, -1, cells) || Take(_later, -1, cells))
        {
            if (!await WriteAsync(cells))
            {
                return false;
            }
            cells.Clear();
        }
        return true;
    }

    /// <summary>Writes these customers now, those of them that have changed. One call at a time, so that no older checkpoint lands on a newer one.</summary>
    /// <returns>False when the storage did not take them; they are queued again.</returns>
    public async Task<bool> WriteAsync(IReadOnlyList<CustomerCell> cells)
    {
        await _writing.WaitAsync();
        try
        {
            return await WriteInTurnAsync(cells);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<bool> WriteInTurnAsync(IReadOnlyList<CustomerCell> cells)
    {
        var built = new List<(CustomerCell Cell, CustomerCheckpoint Checkpoint, JournalAppend? After)>(cells.Count);
        foreach (var cell in cells)
        {
            if (await BuildAsync(cell) is { } one)
            {
                built.Add(one);
            }
        }
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
        try
        {
            for (var start = 0; start < ready.Count; start += options.CheckpointBatchMax)
            {
                await onChanges(await store.CheckpointAsync(ready.GetRange(start, Math.Min(options.CheckpointBatchMax, ready.Count - start))));
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

    private bool Take(ConcurrentQueue<(CustomerCell Cell, long At)> queue, int afterMs, List<CustomerCell> into)
    {
        while (into.Count < options.CheckpointBatchMax && queue.TryPeek(out var head)
            && (afterMs < 0 || timeProvider.GetElapsedTime(head.At).TotalMilliseconds >= afterMs) && queue.TryDequeue(out head))
        {
            into.Add(head.Cell);
        }
        return into.Count > 0;
    }
}
