using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class ErasureTests
{
    private static readonly string[] Ids = ["phone", "tablet", "ada"];

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Erasure_that_fails_erases_nobody_and_the_next_call_erases_all(bool restarted)
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("phone", shop.Order("o1", 1));
        await shop.TrackAsync("tablet", shop.Order("o2", 1));
        await shop.TrackAsync("ada", shop.Identify("i1", "phone"), shop.Identify("i2", "tablet"));
        shop.Hooks.Erasing = _ => throw new IOException("no disk");
        await Assert.ThrowsAsync<IOException>(() => shop.Engine.Customer("phone").EraseAsync());

        foreach (var id in Ids)
        {
            Assert.False((await shop.Storage.Customers.LoadAsync(id))!.Erased, id);
        }
        Assert.Equal("ada", (await shop.Engine.Customer("phone").GetAsync())!.Id);
        shop.Hooks.Erasing = null;
        if (restarted)
        {
            await shop.CrashAsync();
        }
        await shop.Engine.Customer("phone").EraseAsync();

        foreach (var id in Ids)
        {
            Assert.True((await shop.Storage.Customers.LoadAsync(id))!.Erased, id);
        }
    }

    [Fact]
    public async Task Erasure_reaches_an_id_that_is_named_while_it_is_under_way_even_when_it_fails_at_first()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("phone", shop.Order("o1", 1));
        await shop.TrackAsync("tablet", shop.Order("o2", 1));
        await shop.TrackAsync("ada", shop.Identify("i1", "phone"));
        Task? naming = null;
        var erasures = 0;
        shop.Hooks.Reading = id => naming ??= id == "phone" ? shop.TrackAsync("ada", shop.Identify("i2", "tablet")) : null;
        shop.Hooks.Erasing = ids =>
        {
            if (++erasures == 1)
            {
                throw new IOException("no disk");
            }
        };

        await Assert.ThrowsAsync<IOException>(() => shop.Engine.Customer("ada").EraseAsync());
        await naming!;
        await shop.Engine.Customer("ada").EraseAsync();

        foreach (var id in Ids)
        {
            Assert.True((await shop.Storage.Customers.LoadAsync(id))!.Erased, id);
        }
    }

    [Fact]
    public async Task Erasure_whose_answer_is_lost_leaves_nothing_to_read()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("ada", shop.Order("o1", 1));
        shop.Hooks.Erasing = ids =>
        {
            shop.Storage.Customers.EraseAsync(ids).GetAwaiter().GetResult();
            throw new IOException("the connection broke");
        };

        await Assert.ThrowsAsync<IOException>(() => shop.Engine.Customer("ada").EraseAsync());

        Assert.Null(await shop.Engine.Customer("ada").GetAsync());
        Assert.Equal(TrackOutcome.Erased, (await shop.TrackAsync("ada", shop.Order("o2", 1))).Outcome);
    }

    [Fact]
    public async Task Erasure_needs_no_room_in_memory()
    {
        await using var shop = await Shop.OpenAsync(new EngineOptions { ActiveCustomersMax = 1 });
        await shop.TrackAsync("phone", shop.Order("o1", 1));
        await shop.PassAsync(TimeSpan.FromSeconds(10));
        await shop.TrackAsync("ada", shop.Identify("i1", "phone"), shop.Identify("i2", "tablet"), shop.Identify("i3", "watch"));

        await shop.Engine.Customer("ada").EraseAsync();

        foreach (var id in new[] { "ada", "phone", "tablet", "watch" })
        {
            Assert.True((await shop.Storage.Customers.LoadAsync(id))!.Erased, id);
        }
    }
}
