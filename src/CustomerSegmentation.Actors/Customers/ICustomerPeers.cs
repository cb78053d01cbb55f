namespace CustomerSegmentation.Actors.Customers;

/// <summary>How one customer's actor reaches another, for joining histories.</summary>
public interface ICustomerPeers
{
    /// <summary>
    /// Closes a customer in favour of another: journals that its history moved, and forwards what still comes. Returns after the commit. Closing again
    /// for the same target, or for the one whom that target joined, is <see cref="JoinOutcome.Joined"/> too. A target that is closed itself takes no history, so
    /// that two customers never forward to each other.
    /// </summary>
    Task<JoinOutcome> CloseAsync(string customerId, string targetId, CancellationToken cancellationToken);

    /// <summary>Removes the snapshot and the profile of a closed customer.</summary>
    Task RetireAsync(string customerId, CancellationToken cancellationToken);
}
