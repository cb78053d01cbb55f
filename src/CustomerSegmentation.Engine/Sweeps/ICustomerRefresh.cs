namespace CustomerSegmentation.Engine.Sweeps;

/// <summary>Brings customers to the present, wherever their actors are.</summary>
internal interface ICustomerRefresh
{
    /// <summary>Writes everybody who is new or has changed; false when the storage did not take them.</summary>
    Task<bool> WriteAllAsync();

    /// <summary>Brings customers to the present and writes them.</summary>
    /// <param name="customerIds">Who.</param>
    /// <param name="cause">Named in transitions.</param>
    /// <param name="cancellationToken">Stops between customers.</param>
    /// <returns>Those who could not be refreshed now; they do not keep the others from it.</returns>
    Task<IReadOnlyList<string>> RefreshAsync(IReadOnlyList<string> customerIds, string cause, CancellationToken cancellationToken);
}
