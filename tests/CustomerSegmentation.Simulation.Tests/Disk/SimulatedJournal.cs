using System.Runtime.CompilerServices;
using CustomerSegmentation.Simulation.Tests.Scheduling;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Simulation.Tests.Disk;

/// <summary>
/// A process's journal: a bounded queue, group commit, one group under way at a time. Outcomes are told when the answer comes, which is after the commit;
/// between the two the process may die. The database behind it decides every append by itself.
/// </summary>
internal sealed class SimulatedJournal(SimulatedDisk disk, SimulatedLine line, SimulatedContext context, int queueMax) : IJournal
{
    private readonly List<(JournalAppend Append, TaskCompletionSource Group)> _queue = [];
    private TaskCompletionSource _open = new();
    private bool _writing;

    public double Fill => _queue.Count / (double)queueMax;

    public string? Fault { get; private set; }

    public AppendResult TryAppend(JournalAppend append)
    {
        if (append.Previous is { Outcome: JournalOutcome.Failed or JournalOutcome.Fenced })
        {
            if (disk.Fault != DeliberateFault.DropsPrevious)
            {
                return AppendResult.Broken;
            }
            append.Previous = null;
        }
        if (_queue.Count >= queueMax)
        {
            if (disk.Fault == DeliberateFault.CommitsRefused)
            {
                disk.Commit(Twin(append, disk.Events(append.CustomerId).Count + 1, null));
            }
            return AppendResult.Full;
        }
        append.Completion = _open.Task;
        _queue.Add((append, _open));
        if (!_writing)
        {
            _writing = true;
            context.Post(_ => _ = WriteAsync(), null);
        }
        return AppendResult.Queued;
    }

    public async IAsyncEnumerable<JournalRecord> ReadAsync(
        string customerId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var records = await line.DoAsync("a read of the journal", () => ListAsync(disk.Storage.Journal.ReadAsync(customerId, afterSequence, cancellationToken)));
        var count = records.Count - (disk.Fault == DeliberateFault.ReadsShort && disk.Chance(0.2) ? 1 : 0);
        for (var i = 0; i < count; i++)
        {
            yield return records[i];
        }
    }

    public IAsyncEnumerable<JournalRecord> ReadBackwardsAsync(string customerId, long beforeSequence, CancellationToken cancellationToken = default) =>
        disk.Storage.Journal.ReadBackwardsAsync(customerId, beforeSequence, cancellationToken);

    public Task<JournalTrimmed> TrimAsync(JournalTrim step, CancellationToken cancellationToken = default) =>
        line.DoAsync("a removal of old records", () => disk.Storage.Journal.TrimAsync(step, cancellationToken));

    public IAsyncEnumerable<JournalRecord> ScanAsync(JournalRange range, CancellationToken cancellationToken = default) => disk.Storage.Journal.ScanAsync(range, cancellationToken);

    private async Task WriteAsync()
    {
        while (_queue.Count > 0)
        {
            await line.WaitAsync();
            var group = _queue.ToList();
            var completion = _open;
            _queue.Clear();
            _open = new TaskCompletionSource();
            if (disk.Fault is DeliberateFault.AcknowledgesEarly or DeliberateFault.ShowsOutcomeEarly)
            {
                group.ForEach(g => g.Append.CustomerKey = Math.Max(1, g.Append.CustomerKey));
                group.ForEach(g => g.Append.Outcome = JournalOutcome.Committed);
            }
            if (disk.Fault == DeliberateFault.AcknowledgesEarly)
            {
                completion.SetResult();
                await line.WaitAsync();
            }
            for (var waits = 0; disk.Fault == DeliberateFault.ShowsOutcomeEarly && waits < 3; waits++)
            {
                await line.WaitAsync();
            }
            if (disk.Chance(disk.FaultRate))
            {
                Fail(group, completion, "the commit failed");
                continue;
            }
            var twins = new Dictionary<JournalAppend, JournalAppend>();
            group.ForEach(g => Commit(g.Append, twins));
            await line.WaitAsync();
            if (disk.Chance(disk.FaultRate))
            {
                Fail(group, completion, "the acknowledgement was lost");
                continue;
            }
            foreach (var (append, _) in group)
            {
                var twin = twins[append];
                append.CustomerKey = twin.CustomerKey;
                append.Error = twin.Error;
                append.Previous = twin.Outcome == JournalOutcome.Committed ? null : append.Previous;
                append.Outcome = twin.Outcome;
            }
            Fault = null;
            completion.TrySetResult();
        }
        _writing = false;
    }

    private void Commit(JournalAppend append, Dictionary<JournalAppend, JournalAppend> twins)
    {
        var previous = append.Previous is { } p ? twins.GetValueOrDefault(p, p) : null;
        var twin = Twin(append, append.FirstSequence, disk.Fault == DeliberateFault.DropsPrevious ? null : previous);
        disk.Commit(twin);
        if (twin.Outcome == JournalOutcome.Fenced && disk.Fault == DeliberateFault.DoesNotFence)
        {
            twin = Twin(append, disk.Events(append.CustomerId).Count + 1, null);
            disk.Commit(twin);
        }
        if (disk.Fault == DeliberateFault.CommitsTwice && twin.Outcome == JournalOutcome.Committed && disk.Chance(0.1))
        {
            disk.Commit(Twin(append, append.LastSequence + 1, null));
        }
        twins[append] = twin;
    }

    private static JournalAppend Twin(JournalAppend append, long firstSequence, JournalAppend? previous) => new(
        append.CustomerId, append.CustomerKey, firstSequence, append.Count, append.Payload, append.MinTimeMs, append.MaxTimeMs)
    {
        Previous = previous,
    };

    /// <summary>Everything queued goes with the group, so that nothing can commit behind a gap.</summary>
    private void Fail(List<(JournalAppend Append, TaskCompletionSource Group)> group, TaskCompletionSource completion, string why)
    {
        Fault = why;
        var error = new SimulatedFaultException(why);
        List<(JournalAppend Append, TaskCompletionSource Group)> all = [.. group, .. _queue];
        _queue.Clear();
        var behind = _open;
        _open = new TaskCompletionSource();
        foreach (var (append, _) in all)
        {
            append.Error = error;
            append.Outcome = JournalOutcome.Failed;
        }
        completion.TrySetResult();
        behind.TrySetResult();
    }

    private static async Task<List<JournalRecord>> ListAsync(IAsyncEnumerable<JournalRecord> records)
    {
        var list = new List<JournalRecord>();
        await foreach (var record in records)
        {
            list.Add(record);
        }
        return list;
    }
}
