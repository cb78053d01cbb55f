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
    /// Writes each snapshot and its profile row in one transaction, moves the segment totals by the difference between the old and the new row, and
    /// records segment flows. A checkpoint older than what is stored (by sequence) is left out; a customer erased or retired meanwhile is left out.
    /// A long list may be committed in several transactions; the changes are those of all of them, under the last revision.
    /// </summary>
    /// <remarks>
    /// An assignment of an earlier activation than the stored row's, or none, does not replace the stored one: a re-clustering was there first, and the live
    /// actor has not noticed it yet. A flow is counted in the hour of <see cref="ProfileAssignment.SinceMs"/> when a row is new or its segment changed under
    /// the same activation; moves by re-clustering are not flows.
    /// </remarks>
    Task<ProfileChanges> CheckpointAsync(IReadOnlyList<CustomerCheckpoint> checkpoints, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes events, snapshots, profile rows and rejections of customers and leaves a salted hash of each id as tombstone, all in one transaction: whatever
    /// happens, either all of them are erased or none. Calling it again removes nothing and succeeds.
    /// </summary>
    /// <param name="customerIds">The ids of one person, without repeats.</param>
    /// <param name="cancellationToken">Cancels while nothing is written.</param>
    /// <returns>What was removed, added up.</returns>
    Task<ErasedCustomer> EraseAsync(IReadOnlyList<string> customerIds, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes the snapshot and profile row of a customer whose history joined another customer; its journal stays as the record of that. Nothing happens when
    /// a later snapshot than <paramref name="last"/> is stored. Checkpoints up to its sequence number are left out from now on, later ones are taken again.
    /// </summary>
    /// <param name="customerId">Who joined another customer.</param>
    /// <param name="last">The customer as it was; the flow out of its segment is counted in the hour of its profile's <see cref="ProfileRow.AsOfMs"/>.</param>
    /// <param name="cancellationToken">Cancels while nothing is written.</param>
    Task<ProfileChanges> RetireAsync(string customerId, CustomerCheckpoint last, CancellationToken cancellationToken = default);

    /// <summary>Whether the process before ended without saying that everything was written: it crashed, or it stopped in the middle of something.</summary>
    bool IsAfterUncleanStop { get; }

    /// <summary>
    /// Customers whose journal is ahead of their profile row, after an unclean stop of the process before or of another one that shares the storage; else empty.
    /// </summary>
    IAsyncEnumerable<string> FindStaleAsync(CancellationToken cancellationToken = default);
}
