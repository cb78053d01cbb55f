namespace CustomerSegmentation.Engine.Customers;

/// <summary>Holds the turns of several customers at once, wherever their actors are. Whoever takes more than one takes them in ordinal order of the ids.</summary>
internal interface ICustomerHolds
{
    /// <summary>How often a customer is recovered whose latest append did not commit, and a person is found anew who grew meanwhile.</summary>
    const int AttemptsMax = 8;

    /// <summary>
    /// Takes a customer's turn, however full the memory is, with all that the state shows committed: a state with events that did not commit would name the wrong
    /// ids, so it is thrown away and recovered. End by <see cref="IHeldCustomer.ReleaseAsync"/>.
    /// </summary>
    /// <exception cref="EngineBusyException">The journal does not commit.</exception>
    Task<IHeldCustomer> HoldAsync(string customerId, CancellationToken cancellationToken);
}
