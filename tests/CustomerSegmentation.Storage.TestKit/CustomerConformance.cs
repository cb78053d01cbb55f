using System.Text;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>Snapshots: loading, checkpoints, erasure, retirement, staleness.</summary>
public abstract class CustomerConformance<TFactory> : StorageConformance<TFactory>
    where TFactory : IStorageFactory, new()
{
    [Fact]
    public async Task Load_of_an_unknown_id_is_null() => Assert.Null(await Storage.Customers.LoadAsync("nobody"));

    [Fact]
    public async Task Load_before_the_first_checkpoint_gives_key_and_journal_only()
    {
        var key = await TrackAsync("anna", 1, 3);

        var stored = await Storage.Customers.LoadAsync("anna");

        Assert.NotNull(stored);
        Assert.Equal(key, stored.Key);
        Assert.False(stored.Erased);
        Assert.Equal(0, stored.Sequence);
        Assert.True(stored.State.IsEmpty);
        Assert.Equal(3, stored.JournalSequence);
        Assert.Null(stored.Assignment);
    }

    [Fact]
    public async Task Load_after_a_checkpoint_gives_its_state_and_assignment()
    {
        var key = await TrackAsync("anna", 1, 3);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 2, Records.Assignment("loyal", 4))]);

        var stored = await Storage.Customers.LoadAsync("anna");

        Assert.Equal(2, stored!.Sequence);
        Assert.Equal("state of anna at 2", Encoding.UTF8.GetString(stored.State.Span));
        Assert.Equal(3, stored.JournalSequence);
        Assert.Equal(Records.Assignment("loyal", 4, key), stored.Assignment);
    }

    [Fact]
    public async Task Loads_at_the_same_time_each_get_their_own_customer()
    {
        for (var i = 0; i < 150; i++)
        {
            var key = await TrackAsync($"customer {i}", 1, (i % 5) + 1);
            if (i % 2 == 0)
            {
                await Storage.Customers.CheckpointAsync([Records.Checkpoint($"customer {i}", key, 1, Records.Assignment("loyal", 4))]);
            }
        }

        await Storage.Customers.EraseAsync(["customer 7"]);
        string[] ids = [.. Enumerable.Range(0, 300).Select(n => $"customer {n * 7 % 200}")];
        var loads = await Task.WhenAll(ids.Select(id => Storage.Customers.LoadAsync(id).AsTask()));

        foreach (var (id, loaded) in ids.Zip(loads))
        {
            var i = int.Parse(id.AsSpan("customer ".Length), System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(i == 7, loaded?.Erased ?? false);
            if (i >= 150)
            {
                Assert.Null(loaded);
            }
            else if (i != 7)
            {
                Assert.Equal((i % 5) + 1, loaded!.JournalSequence);
                Assert.Equal(i % 2 == 0 ? $"state of {id} at 1" : "", Encoding.UTF8.GetString(loaded.State.Span));
                Assert.Equal(i % 2 == 0 ? "loyal" : null, loaded.Assignment?.Segment);
            }
        }
    }

    [Fact]
    public async Task Ids_are_told_apart_by_every_character()
    {
        string[] ids = ["a", "A", "a\0", "a\0b", "ä", "a\u0308", "😀", "😀 ", " a", new string('x', JournalAppend.CustomerIdCharsMax)];
        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
        {
            await TrackAsync(id, 1, i + 1);
        }

        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
        {
            Assert.Equal(i + 1, (await Storage.Customers.LoadAsync(id))!.JournalSequence);
            Assert.Equal(id, Assert.Single(await ToListAsync(Storage.Journal.ReadAsync(id, 0))).CustomerId);
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), (await ToListAsync(Storage.Journal.ScanAsync())).Select(r => r.CustomerId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Checkpoint_older_than_the_stored_one_is_left_out()
    {
        var key = await TrackAsync("anna", 1, 5);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 5, Records.Assignment("loyal"), 10)]);

        var changes = await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 4, Records.Assignment("new"), 99)]);

        Assert.Empty(changes.Deltas);
        Assert.Equal(5, (await Storage.Customers.LoadAsync("anna"))!.Sequence);
        Assert.Equal(10, (await Storage.Profiles.GetTotalsAsync()).Segments.Sum(s => s.Monetary));
    }

    [Fact]
    public async Task Checkpoint_of_the_same_sequence_replaces_the_stored_one()
    {
        var key = await TrackAsync("anna", 1);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1, Records.Assignment("new"))]);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1, Records.Assignment("at-risk"), state: "later")]);

        var stored = await Storage.Customers.LoadAsync("anna");

        Assert.Equal("later of anna at 1", Encoding.UTF8.GetString(stored!.State.Span));
        Assert.Equal("at-risk", stored.Assignment!.Segment);
    }

    [Fact]
    public async Task Checkpoint_under_an_earlier_activation_keeps_the_stored_assignment()
    {
        var key = await TrackAsync("anna", 1, 2);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1, Records.Assignment("new", 1))]);
        await Storage.Profiles.ReassignAsync(2, 2, [Records.Assignment("loyal", 2, key, 2)]);

        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 2, Records.Assignment("at-risk", 1))]);

        var stored = await Storage.Customers.LoadAsync("anna");
        Assert.Equal(2, stored!.Sequence);
        Assert.Equal(("loyal", 2L), (stored.Assignment!.Segment, stored.Assignment.Activation));
        Assert.Equal("loyal", Assert.Single((await Storage.Profiles.GetTotalsAsync()).Segments, s => s.Customers > 0).Key);
    }

    [Fact]
    public async Task Checkpoints_of_several_customers_are_one_change_with_the_sum_of_their_differences()
    {
        var checkpoints = new List<Customers.CustomerCheckpoint>();
        for (var i = 0; i < 10; i++)
        {
            var id = $"customer-{i}";
            checkpoints.Add(Records.Checkpoint(id, await TrackAsync(id, 1), 1, Records.Assignment(i < 4 ? "a" : "b"), 0.1));
        }

        var changes = await Storage.Customers.CheckpointAsync(checkpoints);

        Assert.Equal([("a", 4L, 0.4), ("b", 6L, 0.6)], changes.Deltas.Select(d => (d.Key, d.Customers, Math.Round(d.Monetary, 6))));
        Assert.All(changes.Deltas, d => Assert.Equal(changes.Revision, d.Revision));
        Assert.Equal(changes.Revision, (await Storage.Profiles.GetTotalsAsync()).Revision);
    }

    [Fact]
    public async Task Erase_removes_everything_and_counts_it()
    {
        var key = await TrackAsync("anna", 1, 3);
        await TrackAsync("anna", 4, 2);
        await TrackAsync("ben", 1);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 5, Records.Assignment("loyal"), 12.5, audiences: ["vip"])]);
        Storage.Rejections.Append([Records.Rejection("one", "anna"), Records.Rejection("two", "ben"), Records.Rejection("three", "anna")]);

        var erased = await Storage.Customers.EraseAsync(["anna"]);

        Assert.Equal((5L, 1, 1, 2), (erased.Events, erased.States, erased.Profiles, erased.Rejections));
        Assert.Equal([("loyal", -1L, -12.5)], erased.Changes.Deltas.Select(d => (d.Key, d.Customers, d.Monetary)));
        Assert.Empty(await ToListAsync(Storage.Journal.ReadAsync("anna", 0)));
        Assert.Equal("ben", Assert.Single(await ToListAsync(Storage.Journal.ScanAsync())).CustomerId);
        Assert.Empty(await Storage.Profiles.ListAsync(null, null, 10));
        Assert.Equal("two", Assert.Single(await Storage.Rejections.ListAsync(long.MaxValue, 10)).Reason);
        Assert.Equal(0, (await Storage.Audiences.CountMembersAsync()).GetValueOrDefault("vip"));
    }

    [Fact]
    public async Task Erase_again_removes_nothing_and_succeeds()
    {
        await TrackAsync("anna", 1);
        await Storage.Customers.EraseAsync(["anna"]);

        var again = await Storage.Customers.EraseAsync(["anna"]);

        Assert.Equal((0L, 0, 0, 0), (again.Events, again.States, again.Profiles, again.Rejections));
        Assert.Empty(again.Changes.Deltas);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Erased_customer_stays_erased_for_late_events_and_checkpoints(bool reopened)
    {
        var key = await TrackAsync("anna", 1);
        await TrackAsync("ben", 1);
        await Storage.Customers.EraseAsync(["anna"]);
        Assert.Equal(Journal.JournalOutcome.Fenced, (await AppendAsync(Records.Append("anna", 2, 1, key))).Outcome);
        if (reopened)
        {
            await Harness.ReopenAsync(clean: true);
        }

        Assert.True((await Storage.Customers.LoadAsync("anna"))!.Erased);
        Assert.False((await Storage.Customers.LoadAsync("ben"))!.Erased);
        Assert.Equal(Journal.JournalOutcome.Fenced, (await AppendAsync(Records.Append("anna", 1))).Outcome);
        Assert.Empty((await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 9, Records.Assignment("loyal"))])).Deltas);
        Assert.Empty(await Storage.Profiles.ListAsync(null, null, 10));
    }

    [Fact]
    public async Task Key_of_an_erased_customer_is_not_given_again()
    {
        var anna = await TrackAsync("anna", 1);
        await Storage.Customers.EraseAsync(["anna"]);
        await Harness.ReopenAsync(clean: false);

        Assert.True(await TrackAsync("ben", 1) > anna);
    }

    [Fact]
    public async Task Erase_of_an_unknown_id_is_remembered()
    {
        await Storage.Customers.EraseAsync(["anna"]);

        Assert.True((await Storage.Customers.LoadAsync("anna"))!.Erased);
    }

    [Fact]
    public async Task Erase_of_several_ids_removes_all_of_them_and_adds_up()
    {
        var anna = await TrackAsync("anna", 1, 3);
        var tablet = await TrackAsync("tablet", 1, 2);
        await TrackAsync("ben", 1);
        await Storage.Customers.CheckpointAsync(
        [
            Records.Checkpoint("anna", anna, 3, Records.Assignment("loyal"), 12.5),
            Records.Checkpoint("tablet", tablet, 2, Records.Assignment("new"), 2),
        ]);
        Storage.Rejections.Append([Records.Rejection("one", "anna"), Records.Rejection("two", "tablet"), Records.Rejection("three", "ben")]);

        var erased = await Storage.Customers.EraseAsync(["tablet", "phone", "anna"]);

        Assert.Equal((5L, 2, 2, 2), (erased.Events, erased.States, erased.Profiles, erased.Rejections));
        Assert.Equal([("loyal", -1L, -12.5), ("new", -1L, -2)], erased.Changes.Deltas.Select(d => (d.Key, d.Customers, d.Monetary)));
        foreach (var id in new[] { "anna", "tablet", "phone" })
        {
            Assert.True((await Storage.Customers.LoadAsync(id))!.Erased, id);
        }
        Assert.Equal("ben", Assert.Single(await ToListAsync(Storage.Journal.ScanAsync())).CustomerId);
    }

    [Fact]
    public async Task Rejection_of_an_erased_customer_is_kept_without_what_tells_of_the_customer()
    {
        await TrackAsync("anna", 1);
        await Storage.Customers.EraseAsync(["anna"]);

        Storage.Rejections.Append([Records.Rejection("anna said so", "anna"), Records.Rejection("two", "ben")]);
        await Harness.ReopenAsync(clean: true);

        var kept = await Storage.Rejections.ListAsync(long.MaxValue, 10);
        Assert.Equal([("two", "ben"), (kept[1].Code, null)], kept.Select(r => (r.Reason, r.CustomerId)));
        Assert.Null(kept[1].Excerpt);
    }

    [Fact]
    public async Task Retire_removes_snapshot_and_row_and_keeps_the_journal()
    {
        var key = await TrackAsync("anonymous", 1, 2);
        var last = Records.Checkpoint("anonymous", key, 2, Records.Assignment("new"), 5, audiences: ["vip"]);
        await Storage.Customers.CheckpointAsync([last]);

        var changes = await Storage.Customers.RetireAsync("anonymous", last);

        Assert.Equal([("new", -1L, -5.0)], changes.Deltas.Select(d => (d.Key, d.Customers, d.Monetary)));
        var stored = await Storage.Customers.LoadAsync("anonymous");
        Assert.Equal((key, 0L, 2L), (stored!.Key, stored.Sequence, stored.JournalSequence));
        Assert.Null(stored.Assignment);
        Assert.Empty(await Storage.Profiles.ListAsync(null, null, 10));
        Assert.Single(await ToListAsync(Storage.Journal.ReadAsync("anonymous", 0)));
    }

    [Fact]
    public async Task Checkpoint_up_to_the_retirement_is_left_out_and_a_later_one_is_taken()
    {
        var key = await TrackAsync("anonymous", 1, 2);
        var last = Records.Checkpoint("anonymous", key, 2, Records.Assignment("new"));
        await Storage.Customers.RetireAsync("anonymous", last);

        await Storage.Customers.CheckpointAsync([last]);
        Assert.Empty(await Storage.Profiles.ListAsync(null, null, 10));

        await TrackAsync("anonymous", 3);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anonymous", key, 3, Records.Assignment("new"))]);
        Assert.Single(await Storage.Profiles.ListAsync(null, null, 10));
    }

    [Fact]
    public async Task Stale_after_a_crash_are_those_whose_journal_is_ahead()
    {
        var anna = await TrackAsync("anna", 1, 2);
        var ben = await TrackAsync("ben", 1, 2);
        await TrackAsync("cleo", 1);
        var dora = await TrackAsync("dora", 1);
        await TrackAsync("emil", 1);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", anna, 2), Records.Checkpoint("ben", ben, 1)]);
        await Storage.Customers.RetireAsync("dora", Records.Checkpoint("dora", dora, 1));
        await Storage.Customers.EraseAsync(["emil"]);

        await Harness.ReopenAsync(clean: false);

        Assert.True(Storage.Customers.IsAfterUncleanStop);
        Assert.Equal(["ben", "cleo"], await ToListAsync(Storage.Customers.FindStaleAsync()));
    }

    [Fact]
    public async Task Stale_after_a_clean_stop_is_nobody()
    {
        await TrackAsync("anna", 1);

        await Harness.ReopenAsync(clean: true);

        Assert.False(Storage.Customers.IsAfterUncleanStop);
        Assert.Empty(await ToListAsync(Storage.Customers.FindStaleAsync()));
    }

    [Fact]
    public async Task Cancelled_calls_do_nothing()
    {
        var key = await TrackAsync("anna", 1);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        var token = cancellation.Token;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Storage.Customers.LoadAsync("anna", token).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1)], token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Storage.Customers.EraseAsync(["anna"], token));

        Assert.Equal(0, (await Storage.Customers.LoadAsync("anna"))!.Sequence);
    }
}
