using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>The journal: order, fence, groups, bounds.</summary>
public abstract class JournalConformance<TFactory> : StorageConformance<TFactory>
    where TFactory : IStorageFactory, new()
{
    [Fact]
    public async Task Append_committed_can_be_read_by_customer_in_sequence_order()
    {
        await TrackAsync("anna", 1, 2);
        await TrackAsync("ben", 1);
        await TrackAsync("anna", 3, 3);
        await TrackAsync("anna", 6);

        var records = await ToListAsync(Storage.Journal.ReadAsync("anna", 0));

        Assert.Equal([1L, 3L, 6L], records.Select(r => r.FirstSequence));
        Assert.Equal([2, 3, 1], records.Select(r => r.Count));
        Assert.All(records, r => Assert.Equal("anna", r.CustomerId));
        Assert.All(records, r => Assert.Equal(Records.Payload("anna", r.FirstSequence), r.Payload.ToArray()));
    }

    [Theory]
    [InlineData(0, new long[] { 1, 3, 6 })]
    [InlineData(1, new long[] { 1, 3, 6 })]
    [InlineData(2, new long[] { 3, 6 })]
    [InlineData(4, new long[] { 3, 6 })]
    [InlineData(5, new long[] { 6 })]
    [InlineData(6, new long[0])]
    public async Task Read_after_a_sequence_gives_the_records_that_end_behind_it(long after, long[] expected)
    {
        await TrackAsync("anna", 1, 2);
        await TrackAsync("anna", 3, 3);
        await TrackAsync("anna", 6);

        var records = await ToListAsync(Storage.Journal.ReadAsync("anna", after));

        Assert.Equal(expected, records.Select(r => r.FirstSequence));
    }

    [Fact]
    public async Task Read_backwards_gives_the_records_that_begin_below_newest_first()
    {
        await TrackAsync("anna", 1, 2);
        await TrackAsync("anna", 3, 3);
        await TrackAsync("anna", 6);

        var records = await ToListAsync(Storage.Journal.ReadBackwardsAsync("anna", 6));

        Assert.Equal([3L, 1L], records.Select(r => r.FirstSequence));
    }

    [Fact]
    public async Task Read_of_more_than_one_batch_is_complete_in_both_directions()
    {
        var sequences = Enumerable.Range(1, 700).Select(i => (long)i).ToArray();
        var appends = sequences.Select(s => Records.Append("anna", s)).ToArray();
        Assert.All(appends, a => Assert.Equal(AppendResult.Queued, Storage.Journal.TryAppend(a)));
        await Task.WhenAll(appends.Select(a => a.Completion));

        Assert.Equal(sequences, (await ToListAsync(Storage.Journal.ReadAsync("anna", 0))).Select(r => r.FirstSequence));
        Assert.Equal(sequences.Reverse(), (await ToListAsync(Storage.Journal.ReadBackwardsAsync("anna", 1000))).Select(r => r.FirstSequence));
    }

    [Fact]
    public async Task Longest_id_is_taken_whatever_its_characters_and_a_longer_one_is_refused()
    {
        var random = new Random(1);
        var id = string.Concat(Enumerable.Range(0, JournalAppend.CustomerIdCharsMax).Select(_ => (char)random.Next(0x4e00, 0x9fff)));
        await TrackAsync(id, 1);

        Assert.Equal(1, (await Storage.Customers.LoadAsync(id))!.JournalSequence);
        Assert.Throws<ArgumentException>(() => Records.Append(id + "x", 1));
    }

    [Fact]
    public async Task Read_of_an_unknown_customer_is_empty()
    {
        Assert.Empty(await ToListAsync(Storage.Journal.ReadAsync("nobody", 0)));
        Assert.Empty(await ToListAsync(Storage.Journal.ReadBackwardsAsync("nobody", 10)));
    }

    [Fact]
    public async Task Scan_gives_every_record_customer_by_customer_in_key_order()
    {
        var ben = await TrackAsync("ben", 1);
        var anna = await TrackAsync("anna", 1);
        await TrackAsync("ben", 2);
        await TrackAsync("anna", 2);
        Assert.True(ben < anna);

        var records = await ToListAsync(Storage.Journal.ScanAsync());

        Assert.Equal([("ben", 1L), ("ben", 2L), ("anna", 1L), ("anna", 2L)], records.Select(r => (r.CustomerId, r.FirstSequence)));
    }

    [Theory]
    [InlineData(0, 100, new long[] { 1, 3, 6 })]
    [InlineData(3, 100, new long[] { 3, 6 })]
    [InlineData(5, 6, new long[] { 3 })]
    [InlineData(2, 3, new long[] { 1 })]
    [InlineData(0, 1, new long[0])]
    [InlineData(7, 100, new long[0])]
    public async Task Scan_of_a_time_range_gives_the_records_that_reach_into_it(long from, long before, long[] expected)
    {
        await TrackAsync("anna", 1, 2);
        await TrackAsync("anna", 3, 3);
        await TrackAsync("anna", 6);

        var records = await ToListAsync(Storage.Journal.ScanAsync(new JournalRange(Records.StartMs + from, Records.StartMs + before)));

        Assert.Equal(expected, records.Select(r => r.FirstSequence));
    }

    [Fact]
    public async Task Scan_does_not_see_what_is_committed_after_its_beginning()
    {
        await TrackAsync("anna", 1);
        await TrackAsync("ben", 1);
        await using var scan = Storage.Journal.ScanAsync().GetAsyncEnumerator();
        Assert.True(await scan.MoveNextAsync());

        await TrackAsync("ben", 2);

        Assert.True(await scan.MoveNextAsync());
        Assert.Equal(("ben", 1L), (scan.Current.CustomerId, scan.Current.FirstSequence));
        Assert.False(await scan.MoveNextAsync());
    }

    [Fact]
    public async Task Append_of_a_new_customer_gets_a_key_before_its_completion()
    {
        var first = await AppendAsync(Records.Append("anna", 1));
        var second = await AppendAsync(Records.Append("anna", 2));

        Assert.True(first.CustomerKey > 0);
        Assert.Equal(first.CustomerKey, second.CustomerKey);
        Assert.Equal(first.CustomerKey, (await Storage.Customers.LoadAsync("anna"))!.Key);
    }

    [Fact]
    public async Task Group_of_many_customers_completes_as_a_whole()
    {
        Harness.PauseCommits();
        var appends = Enumerable.Range(0, 200).Select(i => Records.Append($"customer-{i % 50}", 1 + i / 50)).ToArray();
        Assert.All(appends, a => Assert.Equal(AppendResult.Queued, Storage.Journal.TryAppend(a)));
        Assert.All(appends, a => Assert.Equal(JournalOutcome.Pending, a.Outcome));

        Harness.ResumeCommits();
        await Task.WhenAll(appends.Select(a => a.Completion));

        Assert.All(appends, a => Assert.Equal(JournalOutcome.Committed, a.Outcome));
        Assert.All(appends, a => Assert.True(a.CustomerKey > 0));
        Assert.Equal(200, (await ToListAsync(Storage.Journal.ScanAsync())).Count);
    }

    [Fact]
    public async Task Second_writer_of_a_sequence_number_is_fenced_and_the_others_of_the_group_commit()
    {
        await TrackAsync("anna", 1);
        Harness.PauseCommits();
        var before = Records.Append("ben", 1);
        var stale = Records.Append("anna", 1, 3);
        var after = Records.Append("cleo", 1);
        foreach (var append in (JournalAppend[])[before, stale, after])
        {
            Assert.Equal(AppendResult.Queued, Storage.Journal.TryAppend(append));
        }

        Harness.ResumeCommits();
        await Task.WhenAll(before.Completion, stale.Completion, after.Completion);

        Assert.Equal(
            [JournalOutcome.Committed, JournalOutcome.Fenced, JournalOutcome.Committed],
            new[] { before.Outcome, stale.Outcome, after.Outcome });
        Assert.Equal(1, Assert.Single(await ToListAsync(Storage.Journal.ReadAsync("anna", 0))).Count);
    }

    [Fact]
    public async Task Two_appends_with_one_sequence_number_in_a_group_commit_only_the_first()
    {
        Harness.PauseCommits();
        var first = Records.Append("anna", 1, 1);
        var second = Records.Append("anna", 1, 2);
        Storage.Journal.TryAppend(first);
        Storage.Journal.TryAppend(second);

        Harness.ResumeCommits();
        await Task.WhenAll(first.Completion, second.Completion);

        Assert.Equal(JournalOutcome.Committed, first.Outcome);
        Assert.Equal(JournalOutcome.Fenced, second.Outcome);
    }

    [Fact]
    public async Task Append_behind_a_fenced_one_is_fenced_too_so_that_there_is_no_gap()
    {
        var key = await TrackAsync("anna", 1);
        Harness.PauseCommits();
        var stale = Records.Append("anna", 1, 1, key);
        var next = Records.Append("anna", 2, 1, key, stale);
        var last = Records.Append("anna", 3, 1, key, next);
        foreach (var append in (JournalAppend[])[stale, next, last])
        {
            Assert.Equal(AppendResult.Queued, Storage.Journal.TryAppend(append));
        }

        Harness.ResumeCommits();
        await Task.WhenAll(stale.Completion, next.Completion, last.Completion);

        Assert.All([stale, next, last], a => Assert.Equal(JournalOutcome.Fenced, a.Outcome));
        Assert.Equal(AppendResult.Broken, Storage.Journal.TryAppend(Records.Append("anna", 4, 1, key, last)));
        Assert.Single(await ToListAsync(Storage.Journal.ReadAsync("anna", 0)));
    }

    [Fact]
    public async Task Fence_in_the_middle_of_a_large_group_stops_its_own_chain_only()
    {
        Harness.PauseCommits();
        var last = new Dictionary<string, JournalAppend>();
        var appends = new List<JournalAppend>();
        for (var i = 1; i <= 40; i++)
        {
            foreach (var id in (string[])["anna", "ben", "cleo", "dora", "emil"])
            {
                // From the 20th on anna's come from another activation, which does not know the last one before.
                var isStale = id == "anna" && i >= 20;
                var previous = isStale && i == 20 ? null : last.GetValueOrDefault(id);
                appends.Add(last[id] = Records.Append(id, isStale ? i - 1 : i, 1, 0, previous));
                Assert.Equal(AppendResult.Queued, Storage.Journal.TryAppend(appends[^1]));
            }
        }

        Harness.ResumeCommits();
        await Task.WhenAll(appends.Select(a => a.Completion));

        Assert.All(appends, a => Assert.Equal(
            a.CustomerId == "anna" && appends.IndexOf(a) >= 19 * 5 ? JournalOutcome.Fenced : JournalOutcome.Committed, a.Outcome));
        Assert.Equal(19, (await ToListAsync(Storage.Journal.ReadAsync("anna", 0))).Count);
    }

    [Fact]
    public async Task Chain_of_appends_in_one_group_commits_and_lets_go_of_its_predecessors()
    {
        Harness.PauseCommits();
        var appends = new List<JournalAppend>();
        for (var i = 1; i <= 100; i++)
        {
            appends.Add(Records.Append("anna", i, 1, 0, appends.LastOrDefault()));
            Storage.Journal.TryAppend(appends[^1]);
        }

        Harness.ResumeCommits();
        await Task.WhenAll(appends.Select(a => a.Completion));

        Assert.All(appends, a => Assert.Equal(JournalOutcome.Committed, a.Outcome));
        Assert.All(appends, a => Assert.Null(a.Previous));
        Assert.Equal(100, (await Storage.Customers.LoadAsync("anna"))!.JournalSequence);
    }

    [Fact]
    public async Task Failed_commit_fails_everything_queued_and_later_appends_commit_again()
    {
        await using var harness = await CreateAsync(new StorageLimits { CommitPatienceMs = 200 });
        var storage = harness.Storage;
        var first = Records.Append("anna", 1);
        storage.Journal.TryAppend(first);
        await first.Completion;
        var key = first.CustomerKey;
        harness.PauseCommits();
        var anna = Records.Append("anna", 2, 1, key);
        var follower = Records.Append("anna", 3, 1, key, anna);
        var ben = Records.Append("ben", 1);
        foreach (var append in (JournalAppend[])[anna, follower, ben])
        {
            Assert.Equal(AppendResult.Queued, storage.Journal.TryAppend(append));
        }

        await harness.FailCommitAsync();
        await Task.WhenAll(anna.Completion, follower.Completion, ben.Completion);

        Assert.All([anna, follower, ben], a => Assert.Equal(JournalOutcome.Failed, a.Outcome));
        Assert.All([anna, follower, ben], a => Assert.NotNull(a.Error));
        Assert.NotNull(storage.Journal.Fault);
        Assert.Equal(AppendResult.Broken, storage.Journal.TryAppend(Records.Append("anna", 4, 1, key, follower)));
        Assert.Null(await storage.Customers.LoadAsync("ben"));

        var again = Records.Append("anna", 2, 1, key);
        Assert.Equal(AppendResult.Queued, storage.Journal.TryAppend(again));
        await again.Completion;
        Assert.Equal(JournalOutcome.Committed, again.Outcome);
        Assert.Null(storage.Journal.Fault);
        Assert.Equal([1L, 2L], (await ToListAsync(storage.Journal.ReadAsync("anna", 0))).Select(r => r.FirstSequence));
    }

    [Fact]
    public async Task Queue_full_by_count_takes_nothing_until_a_commit()
    {
        await using var harness = await CreateAsync(new StorageLimits { JournalQueueAppendsMax = 4 });
        var journal = harness.Storage.Journal;
        harness.PauseCommits();
        var queued = Enumerable.Range(1, 4).Select(i => Records.Append("anna", i)).ToArray();
        Assert.All(queued, a => Assert.Equal(AppendResult.Queued, journal.TryAppend(a)));

        var refused = Records.Append("anna", 5);
        Assert.Equal(AppendResult.Full, journal.TryAppend(refused));
        Assert.Equal(1.0, journal.Fill, 6);

        harness.ResumeCommits();
        await Task.WhenAll(queued.Select(a => a.Completion));
        Assert.Equal(0.0, journal.Fill, 6);
        Assert.Equal(AppendResult.Queued, journal.TryAppend(refused));
        await refused.Completion;
        Assert.Equal(JournalOutcome.Committed, refused.Outcome);
    }

    [Fact]
    public async Task Queue_full_by_bytes_takes_nothing_until_a_commit()
    {
        await using var harness = await CreateAsync(new StorageLimits { JournalQueueBytesMax = 100 });
        var journal = harness.Storage.Journal;
        harness.PauseCommits();
        var large = new JournalAppend("anna", 0, 1, 1, new byte[200], 0, 0);
        Assert.Equal(AppendResult.Queued, journal.TryAppend(large));
        var small = new JournalAppend("ben", 0, 1, 1, new byte[1], 0, 0);
        Assert.Equal(AppendResult.Full, journal.TryAppend(small));

        harness.ResumeCommits();
        await large.Completion;
        Assert.Equal(AppendResult.Queued, journal.TryAppend(small));
        await small.Completion;
        Assert.Equal(JournalOutcome.Committed, small.Outcome);
    }

    [Fact]
    public async Task Producers_on_many_threads_commit_everything_once()
    {
        const int producers = 4;
        const int each = 200;
        var keys = await Task.WhenAll(Enumerable.Range(0, producers).Select(p => Task.Factory.StartNew(
            async () =>
            {
                JournalAppend? last = null;
                for (var i = 1; i <= each; i++)
                {
                    var append = Records.Append($"customer-{p}", i, 1, 0, last);
                    while (Storage.Journal.TryAppend(append) == AppendResult.Full)
                    {
                        await last!.Completion;
                    }

                    last = append;
                }

                await last!.Completion;
                return last.CustomerKey;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        Assert.Equal(producers, keys.Distinct().Count());
        var records = await ToListAsync(Storage.Journal.ScanAsync());
        Assert.Equal(producers * each, records.Count);
        Assert.All(records.GroupBy(r => r.CustomerId), g => Assert.Equal(Enumerable.Range(1, each).Select(i => (long)i), g.Select(r => r.FirstSequence)));
    }

    [Fact]
    public async Task Reopen_after_a_crash_keeps_every_committed_append()
    {
        await TrackAsync("anna", 1, 2);
        await TrackAsync("ben", 1);

        await Harness.ReopenAsync(clean: false);

        Assert.Equal(2, (await Storage.Customers.LoadAsync("anna"))!.JournalSequence);
        Assert.Equal(2, (await ToListAsync(Storage.Journal.ScanAsync())).Count);
        Assert.Equal(JournalOutcome.Fenced, (await AppendAsync(Records.Append("anna", 1))).Outcome);
    }

    [Fact]
    public async Task Append_after_closing_is_broken_and_failed()
    {
        var harness = await CreateAsync(new StorageLimits());
        var storage = harness.Storage;
        await harness.DisposeAsync();
        var append = Records.Append("anna", 1);

        Assert.Equal(AppendResult.Broken, storage.Journal.TryAppend(append));
        Assert.Equal(JournalOutcome.Failed, append.Outcome);
    }

    [Fact]
    public async Task Cancelled_scan_stops()
    {
        await TrackAsync("anna", 1);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ToListAsync(Storage.Journal.ScanAsync(cancellation.Token)));
    }
}
