namespace CustomerSegmentation.Actors.Customers;

/// <summary>How one customer's actor reaches another, for joining histories.</summary>
public interface ICustomerPeers
{
    /// <summary>
    /// Closes a customer in favour of another: journals that its history moved, and forwards what still comes. Returns after the commit with the
    /// sequence number of the closing event; closing again for the same target returns the same.
    /// </summary>
    Task<long> CloseAsync(string customerId, string targetId, CancellationToken cancellationToken);

    /// <summary>Removes the snapshot and the profile of a closed customer.</summary>
    Task RetireAsync(string customerId, CancellationToken cancellationToken);
}
