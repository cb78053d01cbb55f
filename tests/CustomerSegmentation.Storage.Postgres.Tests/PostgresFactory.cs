using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Postgres.Tests;

public sealed class PostgresFactory : IStorageFactory
{
    public async Task<StorageHarness> CreateAsync(StorageLimits limits) => await PostgresHarness.OpenAsync(limits);
}
