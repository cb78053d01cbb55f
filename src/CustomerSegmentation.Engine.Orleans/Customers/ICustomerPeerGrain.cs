using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Orleans.Customers;

/// <summary>What the silos ask of a customer among themselves.</summary>
internal interface ICustomerPeerGrain : IGrainWithStringKey
{
    /// <summary>Takes several requests, in order.</summary>
    /// <param name="requests">The requests; they may name another id whose history joined this customer.</param>
    /// <param name="joining">They move a history that joins.</param>
    /// <param name="cancellationToken">Takes back what is not queued yet.</param>
    Task<TrackReceipt[]> TrackAllAsync(TrackRequest[] requests, bool joining, CancellationToken cancellationToken);

    /// <summary>Brings the customer to the present; false when there is no room for it now.</summary>
    Task<bool> RefreshAsync(string cause, CancellationToken cancellationToken);

    /// <summary>Loads the customer, so that whatever it has left to do is queued; false when there is no room for it now.</summary>
    Task<bool> WakeAsync(CancellationToken cancellationToken);

    /// <summary>Takes the customer's turn for somebody elsewhere, for at most <see cref="GrainHolds.Lease"/>.</summary>
    Task<HeldState> HoldAsync(Guid holder, CancellationToken cancellationToken);

    /// <summary>Within a held turn: ids whose histories joined or wait to join.</summary>
    Task<string[]> FindNamedIdsAsync(Guid holder, CancellationToken cancellationToken);

    /// <summary>Within a held turn: what is held about this id.</summary>
    Task<ExportedId> DescribeAsync(Guid holder, CancellationToken cancellationToken);

    /// <summary>Within a held turn: queues the closing in favour of another customer, unless it is closed. Its commit is not waited for.</summary>
    /// <returns>Whom the history belongs to now.</returns>
    Task<string> CloseAsync(Guid holder, string targetId);

    /// <summary>Ends a held turn. One whose lease has run out is told what to do all the same.</summary>
    Task ReleaseAsync(Guid holder, int end);

    /// <summary>Removes snapshot and profile of a closed customer.</summary>
    Task RetireAsync(CancellationToken cancellationToken);
}
