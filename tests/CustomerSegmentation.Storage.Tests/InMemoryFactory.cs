using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Tests;

public sealed class InMemoryFactory : IStorageFactory
{
    public Task<StorageHarness> CreateAsync(StorageLimits limits) => Task.FromResult<StorageHarness>(new InMemoryHarness(limits));
}
