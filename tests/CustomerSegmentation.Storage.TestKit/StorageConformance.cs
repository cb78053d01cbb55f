using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>What every storage must do. A derived class in the tests of a storage names its factory; the tests are inherited.</summary>
public abstract class StorageConformance<TFactory> : IAsyncLifetime
    where TFactory : IStorageFactory, new()
{
    protected StorageHarness Harness { get; private set; } = null!;

    protected IStorage Storage => Harness.Storage;

    public async Task InitializeAsync() => Harness = await CreateAsync(new StorageLimits());

    public async Task DisposeAsync() => await Harness.DisposeAsync();

    protected static Task<StorageHarness> CreateAsync(StorageLimits limits) => new TFactory().CreateAsync(limits);

    /// <summary>Appends and waits for the outcome.</summary>
    protected async Task<JournalAppend> AppendAsync(JournalAppend append)
    {
        Assert.Equal(AppendResult.Queued, Storage.Journal.TryAppend(append));
        await append.Completion;
        return append;
    }

    /// <summary>Appends events to a customer and returns the storage's key.</summary>
    protected async Task<long> TrackAsync(string customerId, long first, int count = 1)
    {
        var append = await AppendAsync(Records.Append(customerId, first, count));
        Assert.Equal(JournalOutcome.Committed, append.Outcome);
        return append.CustomerKey;
    }

    protected static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }
}
