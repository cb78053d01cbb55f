using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>The profile index: totals, lists, sweeps, re-assignment, flows.</summary>
public abstract class ProfileConformance<TFactory> : StorageConformance<TFactory>
    where TFactory : IStorageFactory, new()
{
    [Fact]
    public async Task Totals_of_an_empty_storage_are_empty()
    {
        var totals = await Storage.Profiles.GetTotalsAsync();

        Assert.Equal((0L, 0L), (totals.Revision, totals.LatestEventMs));
        Assert.Empty(totals.Segments);
    }

    [Fact]
    public async Task Totals_count_unassigned_customers_under_the_empty_key()
    {
        await CheckpointAsync("anna", "loyal", 10.25);
        await CheckpointAsync("ben", null, 1.5);

        var totals = await Storage.Profiles.GetTotalsAsync();

        Assert.Equal([("", 1L, 1.5), ("loyal", 1L, 10.25)], totals.Segments.Select(s => (s.Key, s.Customers, s.Monetary)));
    }

    [Fact]
    public async Task Totals_do_not_drift_under_amounts_that_doubles_cannot_hold()
    {
        var key = await CheckpointAsync("anna", "loyal", 0.1);
        for (var i = 0; i < 300; i++)
        {
            await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1, Records.Assignment("loyal"), i * 0.1 + 1e9)]);
        }

        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1, Records.Assignment("loyal"), 0.3)]);

        Assert.Equal(0.3, Assert.Single((await Storage.Profiles.GetTotalsAsync()).Segments).Monetary);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e300)]
    public async Task Totals_survive_amounts_beyond_reason(double amount)
    {
        var key = await CheckpointAsync("anna", "loyal", amount);
        await CheckpointAsync("ben", "loyal", 5);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1, Records.Assignment("loyal"), 2)]);

        Assert.Equal(7, Assert.Single((await Storage.Profiles.GetTotalsAsync()).Segments).Monetary);
    }

    [Fact]
    public async Task Latest_event_is_the_latest_committed_whoever_has_it_and_survives_a_crash()
    {
        await TrackAsync("anna", 1, 50);
        await TrackAsync("ben", 1);
        Assert.Equal(Records.StartMs + 50, (await Storage.Profiles.GetTotalsAsync()).LatestEventMs);

        await Harness.ReopenAsync(clean: false);

        Assert.Equal(Records.StartMs + 50, (await Storage.Profiles.GetTotalsAsync()).LatestEventMs);
    }

    [Fact]
    public async Task List_pages_through_ids_in_code_point_order()
    {
        string[] ids = ["b", "a", "ab", "a\0", "B", "😀", "\uff5e", "é", "10", "9"];
        foreach (var id in ids)
        {
            await CheckpointAsync(id, "loyal", 1);
        }

        foreach (var segment in (string?[])[null, "loyal"])
        {
            var listed = new List<string>();
            string? after = null;
            while (await Storage.Profiles.ListAsync(segment, after, 3) is { Count: > 0 } page)
            {
                Assert.True(page.Count <= 3);
                listed.AddRange(page.Select(c => c.Id));
                after = listed[^1];
            }

            Assert.Equal(["10", "9", "B", "a", "a\0", "ab", "b", "é", "\uff5e", "😀"], listed);
        }
    }

    [Fact]
    public async Task List_of_a_segment_has_only_its_members_with_their_figures()
    {
        var key = await CheckpointAsync("anna", "loyal", 12.5);
        await CheckpointAsync("ben", "new", 1);
        await CheckpointAsync("cleo", null, 1);

        var anna = Assert.Single(await Storage.Profiles.ListAsync("loyal", null, 10));
        Assert.Equal(("anna", "loyal", 0.75, 12.5, 1L), (anna.Id, anna.Segment, anna.Probability, anna.Monetary, anna.Orders));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(Records.StartMs + 1), anna.LastSeen);
        var cleo = Assert.Single(await Storage.Profiles.ListAsync("", null, 10));
        Assert.Equal(("cleo", null), (cleo.Id, cleo.Segment));
        Assert.Empty(await Storage.Profiles.ListAsync("no-such-segment", null, 10));

        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1, Records.Assignment("new"))]);
        Assert.Empty(await Storage.Profiles.ListAsync("loyal", null, 10));
        Assert.Equal(["anna", "ben"], (await Storage.Profiles.ListAsync("new", null, 10)).Select(c => c.Id));
    }

    [Fact]
    public async Task Scan_gives_every_row_in_key_order_as_it_was_written()
    {
        for (var i = 0; i < 10; i++)
        {
            await CheckpointAsync($"customer-{9 - i}", i % 2 == 0 ? "even" : null, i, dueMs: i == 3 ? 77 : long.MaxValue, audiences: i == 4 ? ["vip", "young"] : []);
        }

        var batches = await ToListAsync(Storage.Profiles.ScanAsync(4));

        Assert.Equal([4, 4, 2], batches.Select(b => b.Count));
        var rows = batches.SelectMany(b => b).ToArray();
        Assert.Equal(rows.Select(r => r.CustomerKey).Order(), rows.Select(r => r.CustomerKey));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"customer-{9 - i}"), rows.Select(r => r.CustomerId));
        Assert.Equal(77, rows[3].DueMs);
        Assert.Equal(long.MaxValue, rows[4].DueMs);
        Assert.Equal(["vip", "young"], rows[4].Audiences);
        Assert.Equal(Records.Assignment("even", 1, rows[4].CustomerKey), rows[4].Assignment);
        Assert.Null(rows[5].Assignment);
        var expected = Records.Checkpoint("customer-5", 1, 1).Profile;
        Assert.Equal(expected.Vector.ToArray(), rows[4].Vector.ToArray());
        Assert.Equal([0.25f, 0, -1], rows[4].Embedding.ToArray());
        Assert.Equal("default 1", rows[4].EmbeddingModel);
        Assert.Equal([-1, 0.5f], rows[4].Text.ToArray());
        Assert.Equal("text 1", rows[4].TextModel);
        Assert.Equal(
            (expected.SchemaHash, expected.AsOfMs, 4.0, expected.Orders, expected.FirstSeenMs, expected.LastSeenMs),
            (rows[4].SchemaHash, rows[4].AsOfMs, rows[4].Monetary, rows[4].Orders, rows[4].FirstSeenMs, rows[4].LastSeenMs));
    }

    [Fact]
    public async Task Scans_of_ranges_find_everybody_once()
    {
        Assert.Equal(0, await Storage.Profiles.GetLastKeyAsync());
        for (var i = 1; i <= 10; i++)
        {
            await CheckpointAsync($"customer-{i}", null, i);
        }

        var last = await Storage.Profiles.GetLastKeyAsync();
        var ranges = KeyRange.Cut(last, 3);
        var found = new List<long>();
        foreach (var range in ranges)
        {
            var rows = (await ToListAsync(Storage.Profiles.ScanAsync(range, 2))).SelectMany(b => b).ToList();
            Assert.All(rows, row => Assert.True(row.CustomerKey > range.After && row.CustomerKey <= range.UpTo));
            found.AddRange(rows.Select(row => row.CustomerKey));
        }

        Assert.Equal(10, found.Count);
        Assert.Equal(last, found[^1]);
        Assert.Equal(found.Distinct().Order(), found);
    }

    [Fact]
    public async Task Embeddings_go_when_the_next_checkpoint_has_none_and_survive_a_reassignment()
    {
        var key = await CheckpointAsync("anna", "loyal", 1);
        await Storage.Profiles.ReassignAsync(2, 2, [Records.Assignment("new", 2, key, version: 2)]);
        var row = Assert.Single(Assert.Single(await ToListAsync(Storage.Profiles.ScanAsync(4))));
        Assert.Equal(("default 1", 3), (row.EmbeddingModel, row.Embedding.Length));
        Assert.Equal(("text 1", 2), (row.TextModel, row.Text.Length));

        await TrackAsync("anna", 2);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 2, Records.Assignment("new", 2))]);

        row = Assert.Single(Assert.Single(await ToListAsync(Storage.Profiles.ScanAsync(4))));
        Assert.Equal(("", 0), (row.EmbeddingModel, row.Embedding.Length));
        Assert.Equal(("", 0), (row.TextModel, row.Text.Length));
    }

    [Fact]
    public async Task Due_customers_come_earliest_first_and_never_without_a_due_time()
    {
        await CheckpointAsync("later", "a", 1, dueMs: 300);
        await CheckpointAsync("now", "a", 1, dueMs: 200);
        await CheckpointAsync("overdue", "a", 1, dueMs: 100);
        await CheckpointAsync("never", "a", 1);

        Assert.Equal(["overdue", "now"], await Storage.Profiles.ListDueAsync(200, 10));
        Assert.Equal(["overdue"], await Storage.Profiles.ListDueAsync(200, 1));
        Assert.Equal(["overdue", "now", "later"], await Storage.Profiles.ListDueAsync(long.MaxValue, 10));
        Assert.Empty(await Storage.Profiles.ListDueAsync(99, 10));
    }

    [Fact]
    public async Task Reassign_moves_totals_and_leaves_the_same_or_later_activation_alone()
    {
        var anna = await CheckpointAsync("anna", "old", 10, activation: 1);
        var ben = await CheckpointAsync("ben", "old", 20, activation: 2);
        var cleo = await CheckpointAsync("cleo", "old", 40, activation: 3);
        var dora = await CheckpointAsync("dora", null, 80);

        long[] keys = [anna, ben, cleo, dora, 999_999];
        var changes = await Storage.Profiles.ReassignAsync(7, 2, [.. keys.Select(k => Records.Assignment("new", 2, k, 7, 0.5, 123))]);

        Assert.Equal(
            [("", -1L, -80.0), ("new", 2L, 90.0), ("old", -1L, -10.0)],
            changes.Deltas.Select(d => (d.Key, d.Customers, d.Monetary)));
        Assert.Equal(Records.Assignment("new", 2, anna, 7, 0.5, 123), (await Storage.Customers.LoadAsync("anna"))!.Assignment);
        Assert.Equal("old", (await Storage.Customers.LoadAsync("ben"))!.Assignment!.Segment);
        Assert.Equal("old", (await Storage.Customers.LoadAsync("cleo"))!.Assignment!.Segment);
        Assert.Equal(7, (await Storage.Customers.LoadAsync("dora"))!.Assignment!.Version);

        // A roll-back to version 1 has a later activation.
        await Storage.Profiles.ReassignAsync(1, 4, [Records.Assignment("old", 4, anna, 1)]);
        Assert.Equal("old", (await Storage.Customers.LoadAsync("anna"))!.Assignment!.Segment);
    }

    [Fact]
    public async Task Reassign_moves_due_times_forward_and_never_back()
    {
        var never = await CheckpointAsync("anna", "old", 1, activation: 1);
        var soon = await CheckpointAsync("ben", "old", 1, activation: 1);
        await Storage.Profiles.ReassignAsync(2, 2, [Records.Assignment("new", 2, soon, 2) with { DueMs = 100 }]);

        await Storage.Profiles.ReassignAsync(3, 3,
        [
            Records.Assignment("new", 3, never, 3) with { DueMs = 200 }, Records.Assignment("new", 3, soon, 3) with { DueMs = 300 },
        ]);
        await Storage.Profiles.ReassignAsync(4, 4, [Records.Assignment("new", 4, never, 4)]);

        Assert.Equal(["ben"], await Storage.Profiles.ListDueAsync(199, 10));
        Assert.Equal(["ben", "anna"], await Storage.Profiles.ListDueAsync(200, 10));
        Assert.Equal(long.MaxValue, (await Storage.Customers.LoadAsync("anna"))!.Assignment!.DueMs);
    }

    [Fact]
    public async Task Flows_count_arrivals_moves_and_departures_by_hours_but_no_reclustering()
    {
        var key = await CheckpointAsync("anna", "new", 1, sinceMs: Records.StartMs);
        await Storage.Customers.CheckpointAsync(
            [Records.Checkpoint("anna", key, 1, Records.Assignment("loyal", sinceMs: Records.StartMs + Records.HourMs + 1))]);
        await Storage.Profiles.ReassignAsync(2, 2, [Records.Assignment("at-risk", 2, key, 2, 0.5, Records.StartMs + Records.HourMs)]);
        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1, Records.Assignment("champions", 3, version: 3))]);
        await CheckpointAsync("ben", "new", 1, sinceMs: Records.StartMs + 1);
        var cleo = await CheckpointAsync("cleo", "loyal", 1, sinceMs: Records.StartMs + (2 * Records.HourMs));
        await Storage.Customers.RetireAsync("cleo", Records.Checkpoint("cleo", cleo, 1));

        var all = await Storage.Profiles.GetFlowsAsync(0);
        var second = await Storage.Profiles.GetFlowsAsync(Records.StartMs + Records.HourMs + 1000);

        Assert.Equal(
            [(null, "loyal", 1L), (null, "new", 2L), ("loyal", null, 1L), ("new", "loyal", 1L)],
            all.Select(f => (f.From, f.To, f.Customers)).Order());
        Assert.Equal([(null, "loyal", 1L), ("new", "loyal", 1L)], second.Select(f => (f.From, f.To, f.Customers)).Order());
    }

    [Fact]
    public async Task Reopen_keeps_rows_totals_flows_and_revision()
    {
        await CheckpointAsync("anna", "loyal", 10.5, dueMs: 5, audiences: ["vip"]);
        await CheckpointAsync("ben", "new", 1);
        var before = await Storage.Profiles.GetTotalsAsync();
        var flows = await Storage.Profiles.GetFlowsAsync(0);

        foreach (var clean in (bool[])[true, false])
        {
            await Harness.ReopenAsync(clean);

            var after = await Storage.Profiles.GetTotalsAsync();
            Assert.Equal((before.Revision, before.LatestEventMs), (after.Revision, after.LatestEventMs));
            Assert.Equal(before.Segments, after.Segments);
            Assert.Equal(flows.Select(f => (f.From, f.To, f.Customers)), (await Storage.Profiles.GetFlowsAsync(0)).Select(f => (f.From, f.To, f.Customers)));
            Assert.Equal(["anna", "ben"], (await Storage.Profiles.ListAsync(null, null, 10)).Select(c => c.Id));
            Assert.Equal(["anna"], await Storage.Profiles.ListDueAsync(5, 10));
            Assert.Equal(1, (await Storage.Audiences.CountMembersAsync())["vip"]);
        }

        var changes = await Storage.Customers.CheckpointAsync(
            [Records.Checkpoint("anna", (await Storage.Customers.LoadAsync("anna"))!.Key, 1, Records.Assignment("new"))]);
        Assert.True(changes.Revision > before.Revision);
    }

    private async Task<long> CheckpointAsync(
        string id,
        string? segment,
        double monetary,
        long activation = 1,
        long dueMs = long.MaxValue,
        IReadOnlyList<string>? audiences = null,
        long sinceMs = Records.StartMs)
    {
        var key = await TrackAsync(id, 1);
        var assignment = segment is null ? null : Records.Assignment(segment, activation, sinceMs: sinceMs);
        CustomerCheckpoint checkpoint = Records.Checkpoint(id, key, 1, assignment, monetary, dueMs, audiences);
        await Storage.Customers.CheckpointAsync([checkpoint]);
        return key;
    }
}
