using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class ErasureTests
{
    [Fact]
    public async Task Erasure_of_one_who_shares_a_device_leaves_the_other_alone()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("tablet", shop.Order("o1", 30));
        await shop.TrackAsync("ada", shop.Identify("i1", "tablet"));
        await shop.TrackAsync("bob", shop.Identify("i2", "tablet"), shop.Order("o2", 5));

        Assert.Empty((await shop.Engine.Customer("bob").GetAsync())!.JoinedIds);
        await shop.Engine.Customer("bob").EraseAsync();

        Assert.Null(await shop.Engine.Customer("bob").GetAsync());
        Assert.Equal(30, (await shop.Engine.Customer("ada").GetAsync())!.Features["monetary"]);
        Assert.Equal("ada", (await shop.Engine.Customer("tablet").GetAsync())!.Id);
    }

    [Fact]
    public async Task Erasure_reaches_joined_ids_that_the_state_no_longer_lists()
    {
        await using var shop = await Shop.OpenAsync();
        for (var i = 0; i < 40; i++)
        {
            await shop.TrackAsync($"anon-{i}", shop.Order($"o{i}", 1));
            await shop.TrackAsync("ada", shop.Identify($"i{i}", $"anon-{i}"));
        }

        await shop.Engine.Customer("ada").EraseAsync();

        for (var i = 0; i < 40; i++)
        {
            Assert.True((await shop.Storage.Customers.LoadAsync($"anon-{i}"))!.Erased);
        }
    }

    [Fact]
    public async Task Erasure_called_by_a_joined_id_erases_the_customer_and_all_that_joined()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("phone", shop.Order("o1", 1));
        await shop.TrackAsync("tablet", shop.Order("o2", 1));
        await shop.TrackAsync("ada", shop.Identify("i1", "phone"), shop.Identify("i2", "tablet"));

        await shop.Engine.Customer("phone").EraseAsync();

        foreach (var id in new[] { "phone", "tablet", "ada" })
        {
            Assert.Equal(TrackOutcome.Erased, (await shop.TrackAsync(id, shop.Order("o9", 1))).Outcome);
        }
    }

    [Fact]
    public async Task Erasure_that_a_fault_interrupts_is_completed_by_the_next_call()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("phone", shop.Order("o1", 1));
        await shop.TrackAsync("tablet", shop.Order("o2", 1));
        await shop.TrackAsync("ada", shop.Identify("i1", "phone"), shop.Identify("i2", "tablet"));
        var erasures = 0;
        shop.Hooks.Erasing = _ =>
        {
            if (++erasures == 2)
            {
                throw new IOException("no disk");
            }
        };
        await Assert.ThrowsAsync<IOException>(() => shop.Engine.Customer("ada").EraseAsync());

        shop.Hooks.Erasing = null;
        await shop.Engine.Customer("ada").EraseAsync();

        foreach (var id in new[] { "phone", "tablet", "ada" })
        {
            Assert.True((await shop.Storage.Customers.LoadAsync(id))!.Erased, id);
        }
    }
}
