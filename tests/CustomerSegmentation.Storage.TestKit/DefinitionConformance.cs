using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>Segmentations, audiences and rejections.</summary>
public abstract class DefinitionConformance<TFactory> : StorageConformance<TFactory>
    where TFactory : IStorageFactory, new()
{
    [Fact]
    public async Task Version_numbers_grow_also_across_reopening_and_without_saving()
    {
        Assert.Equal(1, await Storage.Segmentations.NextVersionAsync());
        Assert.Equal(2, await Storage.Segmentations.NextVersionAsync());
        await Harness.ReopenAsync(clean: false);
        Assert.Equal(3, await Storage.Segmentations.NextVersionAsync());
        await Storage.Segmentations.SaveAsync(new SegmentationRecord(10, new byte[] { 1 }));
        Assert.Equal(11, await Storage.Segmentations.NextVersionAsync());
    }

    [Fact]
    public async Task Segmentations_are_saved_replaced_loaded_and_listed_newest_first()
    {
        for (byte i = 1; i <= 5; i++)
        {
            await Storage.Segmentations.SaveAsync(new SegmentationRecord(i, new[] { i }));
        }

        await Storage.Segmentations.SaveAsync(new SegmentationRecord(3, new byte[] { 33 }));
        await Harness.ReopenAsync(clean: true);

        Assert.Equal([33], (await Storage.Segmentations.LoadAsync(3))!.Payload.ToArray());
        Assert.Null(await Storage.Segmentations.LoadAsync(6));
        Assert.Equal([5, 4], (await Storage.Segmentations.ListAsync(int.MaxValue, 2)).Select(s => s.Version));
        Assert.Equal([3, 2, 1], (await Storage.Segmentations.ListAsync(4, 10)).Select(s => s.Version));
    }

    [Fact]
    public async Task Activation_grows_with_every_activation_and_roll_back()
    {
        Assert.Null(await Storage.Segmentations.GetActiveAsync());

        var first = await Storage.Segmentations.SetActiveAsync(1, 100);
        var second = await Storage.Segmentations.SetActiveAsync(2, 200);
        await Harness.ReopenAsync(clean: false);
        var back = await Storage.Segmentations.SetActiveAsync(1, 300);

        Assert.Equal(new ActiveSegmentation(1, first.Activation, 100), first);
        Assert.True(first.Activation > 0 && second.Activation > first.Activation && back.Activation > second.Activation);
        Assert.Equal(back, await Storage.Segmentations.GetActiveAsync());
    }

    [Fact]
    public async Task Audiences_are_saved_replaced_listed_by_key_and_deleted()
    {
        await Storage.Audiences.SaveAsync(new AudienceRecord("young", "Young", "{}", 1, 5));
        await Storage.Audiences.SaveAsync(new AudienceRecord("VIP", "Very important", "{\"a\":1}", 1, 6));
        await Storage.Audiences.SaveAsync(new AudienceRecord("young", "Young ones", "{\"b\":2}", 2, 7));
        await Harness.ReopenAsync(clean: true);

        Assert.Equal(
            [new AudienceRecord("VIP", "Very important", "{\"a\":1}", 1, 6), new AudienceRecord("young", "Young ones", "{\"b\":2}", 2, 7)],
            await Storage.Audiences.ListAsync());
        Assert.True(await Storage.Audiences.DeleteAsync("VIP"));
        Assert.False(await Storage.Audiences.DeleteAsync("VIP"));
        Assert.Equal("young", Assert.Single(await Storage.Audiences.ListAsync()).Key);
    }

    [Fact]
    public async Task Members_are_counted_as_the_rows_say()
    {
        var anna = await TrackAsync("anna", 1);
        var ben = await TrackAsync("ben", 1);
        await Storage.Customers.CheckpointAsync(
            [Records.Checkpoint("anna", anna, 1, audiences: ["vip", "young"]), Records.Checkpoint("ben", ben, 1, audiences: ["vip"])]);
        Assert.Equal([("vip", 2L), ("young", 1L)], await CountAsync());

        await Storage.Customers.CheckpointAsync([Records.Checkpoint("anna", anna, 1, audiences: ["young", "new"])]);
        Assert.Equal([("new", 1L), ("vip", 1L), ("young", 1L)], await CountAsync());

        await Storage.Profiles.ReassignAsync(1, 1, [Records.Assignment("loyal", 1, anna)]);
        await Storage.Customers.EraseAsync(["ben"]);
        Assert.Equal([("new", 1L), ("young", 1L)], await CountAsync());
    }

    [Fact]
    public async Task Rejections_are_listed_newest_first_by_pages_while_they_are_written()
    {
        for (var i = 1; i <= 20; i++)
        {
            Storage.Rejections.Append([Records.Rejection($"reason {i}"), Records.Rejection($"reason {i}b", "anna")]);
        }

        var listed = new List<string>();
        var below = long.MaxValue;
        while (await Storage.Rejections.ListAsync(below, 7) is { Count: > 0 } page)
        {
            Assert.Equal(page.Select(r => r.Id).OrderDescending(), page.Select(r => r.Id));
            listed.AddRange(page.Select(r => r.Reason));
            below = page[^1].Id;
        }

        Assert.Equal(Enumerable.Range(1, 20).Reverse().SelectMany(i => new[] { $"reason {i}b", $"reason {i}" }), listed);
        Assert.Equal(0, Storage.Rejections.Dropped);
    }

    [Fact]
    public async Task Rejection_is_kept_with_all_its_fields_across_reopening()
    {
        Storage.Rejections.Append([Records.Rejection("reason", "anna")]);
        await Harness.ReopenAsync(clean: true);
        Storage.Rejections.Append([Records.Rejection("second")]);

        var page = await Storage.Rejections.ListAsync(long.MaxValue, 10);

        Assert.Equal(["second", "reason"], page.Select(r => r.Reason));
        var (expected, kept) = (Records.Rejection("reason", "anna"), page[1]);
        Assert.Equal(
            (expected.Time, expected.Source, expected.Code, expected.CustomerId, expected.MessageId, expected.Position, expected.Excerpt),
            (kept.Time, kept.Source, kept.Code, kept.CustomerId, kept.MessageId, kept.Position, kept.Excerpt));
        Assert.Null(page[0].CustomerId);
    }

    [Fact]
    public async Task Rejections_beyond_the_limit_push_out_the_oldest()
    {
        await using var harness = await CreateAsync(new StorageLimits { RejectionsMax = 5 });
        for (var i = 1; i <= 12; i++)
        {
            harness.Storage.Rejections.Append([Records.Rejection($"reason {i}")]);
        }

        await harness.ReopenAsync(clean: true);

        Assert.Equal(
            ["reason 12", "reason 11", "reason 10", "reason 9", "reason 8"],
            (await harness.Storage.Rejections.ListAsync(long.MaxValue, 100)).Select(r => r.Reason));
    }

    [Fact]
    public async Task Rejections_that_come_while_others_are_written_are_kept_by_a_clean_close()
    {
        var expected = new List<string>();
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 10; i++)
            {
                expected.Add($"reason {round}/{i}");
                Storage.Rejections.Append([Records.Rejection(expected[^1])]);

                // Time for the writer to begin, so that the next one finds it at work.
                await Storage.Rejections.ListAsync(0, 1);
            }

            await Harness.ReopenAsync(clean: true);

            Assert.Equal(expected.AsEnumerable().Reverse(), (await Storage.Rejections.ListAsync(long.MaxValue, 1000)).Select(r => r.Reason));
        }
    }

    [Fact]
    public async Task Rejections_appended_after_closing_are_counted_as_dropped()
    {
        var harness = await CreateAsync(new StorageLimits());
        var log = harness.Storage.Rejections;
        await harness.Storage.DisposeAsync();

        log.Append([Records.Rejection("late"), Records.Rejection("later")]);

        Assert.Equal(2, log.Dropped);
        await harness.DisposeAsync();
    }

    private async Task<IEnumerable<(string Key, long Customers)>> CountAsync() =>
        (await Storage.Audiences.CountMembersAsync()).Where(c => c.Value > 0).Select(c => (c.Key, c.Value)).Order();
}
