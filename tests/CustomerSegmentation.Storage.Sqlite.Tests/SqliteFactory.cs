using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

public sealed class SqliteFactory : IStorageFactory
{
    public async Task<StorageHarness> CreateAsync(StorageLimits limits) => await SqliteHarness.OpenAsync(limits);
}
