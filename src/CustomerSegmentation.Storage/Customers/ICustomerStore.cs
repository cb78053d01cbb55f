using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Customers;

/// <summary>Snapshots of customers, written behind the journal.</summary>
public interface ICustomerStore
{
    /// <summary>
    /// What is stored of a customer, or null when the storage never heard of the id. Implementations may complete synchronously; no thread is handed over.
    /// </summary>
    ValueTask<StoredCustomer?> LoadAsync(string customerId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes snapshots and their profile rows in one transaction, moves the segment totals by the difference between each old and new profile row, and
    /// records segment flows. A checkpoint older than what is stored (by sequence) is left out; a customer erased meanwhile is left out.
    /// </summary>
    Task<ProfileChanges> CheckpointAsync(IReadOnlyList<CustomerCheckpoint> checkpoints, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes events, snapshot, profile row and rejections of a customer in one transaction and leaves a salted hash of the id as tombstone.
    /// Calling it again removes nothing and succeeds.
    /// </summary>
    Task<ErasedCustomer> EraseAsync(string customerId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes the snapshot and profile row of a customer whose history joined another customer; its journal stays as the record of that.
    /// </summary>
    Task<ProfileChanges> RetireAsync(string customerId, CustomerCheckpoint last, CancellationToken cancellationToken = default);

    /// <summary>Customers whose journal is ahead of their profile row, after an unclean stop; empty after a clean one.</summary>
    IAsyncEnumerable<string> FindStaleAsync(CancellationToken cancellationToken = default);
}
