namespace CustomerSegmentation.Contracts.Audiences;

/// <summary>The audiences that a shop has defined.</summary>
public interface IAudienceDirectory
{
    /// <summary>All audiences, ordered by key.</summary>
    Task<IReadOnlyList<AudienceView>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Creates or replaces an audience; memberships follow in the background.</summary>
    /// <exception cref="FormatException">The key or the rule is not valid; the message says where and why.</exception>
    Task<AudienceView> PutAsync(string key, string name, string rule, CancellationToken cancellationToken = default);

    /// <summary>Removes an audience; false when there was none.</summary>
    Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default);
}
