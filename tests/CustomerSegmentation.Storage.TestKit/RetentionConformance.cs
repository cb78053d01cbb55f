using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>Removal of old records.</summary>
public abstract class RetentionConformance<TFactory> : StorageConformance<TFactory>
    where TFactory : IStorageFactory, new()
{
    private const long AllOld = Records.StartMs + 1_000_000;

    [Theory]
    [InlineData(2, AllOld, new long[] { 3, 4 })]
    [InlineData(4, AllOld, new long[0])]
    [InlineData(4, Records.StartMs + 3, new long[] { 3, 4 })]
    [InlineData(4, Records.StartMs, new long[] { 1, 2, 3, 4 })]
    public async Task Records_go_that_are_old_and_covered_by_the_snapshot(long covered, long beforeMs, long[] left)
    {
        await WriteAsync("anna", 4, covered);

        var trimmed = await TrimAsync(beforeMs);

        Assert.Equal((4 - left.Length, 4 - left.Length), (trimmed.Records, trimmed.Events));
        Assert.Equal(left, await SequencesAsync("anna"));
        Assert.Equal(4, (await Storage.Customers.LoadAsync("anna"))!.JournalSequence);
    }

    [Fact]
    public async Task Customer_without_a_snapshot_keeps_everything()
    {
        await TrackAsync("anna", 1, 3);

        Assert.Equal(0, (await TrimAsync(AllOld)).Records);
        Assert.Single(await SequencesAsync("anna"));
    }

    [Fact]
    public async Task Record_is_kept_whole_when_one_of_its_events_is_young_or_not_covered()
    {
        var key = await TrackAsync("anna", 1, 3);
        await CheckpointAsync("anna", key, 2);
        Assert.Equal(0, (await TrimAsync(AllOld)).Records);
        await CheckpointAsync("anna", key, 3);
        Assert.Equal(0, (await TrimAsync(Records.StartMs + 3)).Records);

        Assert.Equal(3, (await TrimAsync(Records.StartMs + 4)).Events);
    }

    [Fact]
    public async Task Removed_sequence_numbers_stay_taken_and_the_next_one_is_free()
    {
        var key = await WriteAsync("anna", 3, 3);
        await TrimAsync(AllOld);
        await Harness.ReopenAsync(clean: false);

        Assert.Equal(JournalOutcome.Fenced, (await AppendAsync(Records.Append("anna", 1))).Outcome);
        Assert.Equal(JournalOutcome.Fenced, (await AppendAsync(Records.Append("anna", 3, 1, key))).Outcome);
        Assert.Equal(JournalOutcome.Committed, (await AppendAsync(Records.Append("anna", 4, 1, key))).Outcome);
        Assert.Equal([4L], await SequencesAsync("anna"));
    }

    [Fact]
    public async Task Append_behind_one_with_a_removed_sequence_number_is_fenced_too()
    {
        var key = await WriteAsync("anna", 3, 3);
        await TrimAsync(AllOld);
        Harness.PauseCommits();
        var stale = Records.Append("anna", 3, 1, key);
        var next = Records.Append("anna", 4, 1, key, stale);
        Storage.Journal.TryAppend(stale);
        Storage.Journal.TryAppend(next);

        Harness.ResumeCommits();
        await Task.WhenAll(stale.Completion, next.Completion);

        Assert.Equal((JournalOutcome.Fenced, JournalOutcome.Fenced), (stale.Outcome, next.Outcome));
    }

    [Fact]
    public async Task Records_to_keep_stay_and_hold_nothing_up()
    {
        await WriteAsync("anna", 4, 4);
        bool Keeps(JournalRecord record) => record.FirstSequence is 1 or 3;

        Assert.Equal(2, (await TrimAsync(AllOld, Keeps)).Records);
        Assert.Equal(0, (await TrimAsync(AllOld, Keeps)).Records);
        await TrackAsync("anna", 5);
        await CheckpointAsync("anna", (await Storage.Customers.LoadAsync("anna"))!.Key, 5);
        Assert.Equal(1, (await TrimAsync(AllOld, Keeps)).Records);

        Assert.Equal([1L, 3L], await SequencesAsync("anna"));
    }

    [Fact]
    public async Task Pass_goes_over_all_customers_in_steps()
    {
        for (var i = 0; i < 25; i++)
        {
            await WriteAsync($"customer-{i}", 1, 1);
        }

        var (steps, records, key) = (0, 0L, (long?)0L);
        while (key is { } after)
        {
            var step = await Storage.Journal.TrimAsync(new JournalTrim(AllOld, after, 10));
            (steps, records, key) = (steps + 1, records + step.Records, step.LastKey);
        }

        Assert.Equal((3, 25), (steps, records));
        Assert.Empty(await ToListAsync(Storage.Journal.ScanAsync()));
    }

    [Fact]
    public async Task Long_history_goes_in_several_passes()
    {
        await WriteAsync("anna", 150, 150);

        var removed = new List<long>();
        for (var pass = 0; pass < 4; pass++)
        {
            removed.Add((await TrimAsync(AllOld)).Records);
        }

        Assert.Equal([64L, 64L, 22L, 0L], removed);
    }

    [Fact]
    public async Task Customer_whose_journal_is_empty_is_not_stale_and_can_be_erased()
    {
        await WriteAsync("anna", 3, 3);
        await TrimAsync(AllOld);
        await Harness.ReopenAsync(clean: false);

        Assert.Empty(await ToListAsync(Storage.Customers.FindStaleAsync()));
        var erased = await Storage.Customers.EraseAsync(["anna"]);
        Assert.Equal((0, 1), (erased.Events, erased.States));
    }

    private async Task<long> WriteAsync(string id, int records, long covered)
    {
        var appends = Enumerable.Range(1, records).Select(i => Records.Append(id, i)).ToArray();
        Assert.All(appends, a => Assert.Equal(AppendResult.Queued, Storage.Journal.TryAppend(a)));
        await Task.WhenAll(appends.Select(a => a.Completion));
        await CheckpointAsync(id, appends[0].CustomerKey, covered);
        return appends[0].CustomerKey;
    }

    private Task CheckpointAsync(string id, long key, long sequence) => Storage.Customers.CheckpointAsync([Records.Checkpoint(id, key, sequence)]);

    private Task<JournalTrimmed> TrimAsync(long beforeMs, Func<JournalRecord, bool>? keeps = null) =>
        Storage.Journal.TrimAsync(new JournalTrim(beforeMs, 0, 100) { Keeps = keeps ?? (_ => false) });

    private async Task<IEnumerable<long>> SequencesAsync(string id) => (await ToListAsync(Storage.Journal.ReadAsync(id, 0))).Select(r => r.FirstSequence);
}
