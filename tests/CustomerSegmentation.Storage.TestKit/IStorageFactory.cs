namespace CustomerSegmentation.Storage.TestKit;

/// <summary>Makes the storage under test.</summary>
public interface IStorageFactory
{
    /// <summary>An empty storage.</summary>
    Task<StorageHarness> CreateAsync(StorageLimits limits);
}
