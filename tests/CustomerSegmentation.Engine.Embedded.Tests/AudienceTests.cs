using CustomerSegmentation.Actors.Audiences;
using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.InMemory;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class AudienceTests
{
    private const string Buyers = """{"feature":"frequency","op":">=","value":1}""";

    [Fact]
    public async Task Audiences_put_at_once_are_all_in_force()
    {
        await using var storage = new InMemoryStorage();
        var store = new SlowStore(storage.Audiences);
        var active = new ActiveAudiences();
        var directory = new AudienceDirectory(store, active, TimeProvider.System, () => { });

        // The first has read what is to be in force, and is held up before it puts it in force.
        var first = directory.PutAsync("first", "First", Buyers);
        var second = directory.PutAsync("second", "Second", Buyers);
        store.GoOn.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal(["first", "second"], active.Current.Select(a => a.Key));
    }

    [Fact]
    public async Task Customer_recovered_from_the_journal_is_read_and_written_with_the_audiences_of_its_latest_events()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.Engine.Audiences.PutAsync("buyers", "Buyers", Buyers);
        await shop.TrackAsync("ada", shop.View("m1"));
        await shop.Engine.FlushAsync();
        await shop.TrackAsync("ada", shop.Order("m2", 40));

        // An erasure whose end is unknown throws away what is in memory: the snapshot knows of the view alone.
        shop.Hooks.Erasing = _ => throw new IOException("no disk");
        await Assert.ThrowsAsync<IOException>(() => shop.Engine.Customer("ada").EraseAsync());

        Assert.Equal(["buyers"], (await shop.Engine.Customer("ada").GetAsync())!.Audiences);
        await shop.Engine.FlushAsync();
        Assert.Equal(1, Assert.Single(await shop.Engine.Audiences.ListAsync()).Size);
    }

    [Fact]
    public async Task Audience_whose_sweep_a_stop_came_before_reaches_everybody_after_the_restart()
    {
        await using var shop = await Shop.OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            await shop.TrackAsync($"c{i}", shop.Order("m", 40));
        }
        await shop.Engine.FlushAsync();
        await shop.Engine.Audiences.PutAsync("buyers", "Buyers", Buyers);

        await shop.Engine.DisposeAsync();

        Assert.False(shop.Engine.IsUpToDate);
        await shop.CrashAsync();
        await shop.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(5, Assert.Single(await shop.Engine.Audiences.ListAsync()).Size);
    }

    [Fact]
    public async Task New_audience_reaches_a_customer_who_was_never_written()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("ada", shop.Order("m", 40));

        await shop.Engine.Audiences.PutAsync("buyers", "Buyers", Buyers);
        await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        await shop.Engine.FlushAsync();

        Assert.Equal(1, Assert.Single(await shop.Engine.Audiences.ListAsync()).Size);
    }

    /// <summary>Holds up the list that follows the first change.</summary>
    private sealed class SlowStore(IAudienceStore inner) : IAudienceStore
    {
        private int _lists;

        public TaskCompletionSource GoOn { get; } = new();

        public async Task<IReadOnlyList<AudienceRecord>> ListAsync(CancellationToken cancellationToken = default)
        {
            var list = await inner.ListAsync(cancellationToken);
            if (++_lists == 2)
            {
                await GoOn.Task;
            }
            return list;
        }

        public Task SaveAsync(AudienceRecord audience, CancellationToken cancellationToken = default) => inner.SaveAsync(audience, cancellationToken);

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) => inner.DeleteAsync(key, cancellationToken);

        public Task<IReadOnlyDictionary<string, long>> CountMembersAsync(CancellationToken cancellationToken = default) =>
            inner.CountMembersAsync(cancellationToken);
    }
}
