namespace CustomerSegmentation.Storage.Audiences;

/// <summary>Audience definitions.</summary>
public interface IAudienceStore
{
    /// <summary>All, ordered by key.</summary>
    Task<IReadOnlyList<AudienceRecord>> ListAsync(CancellationToken cancellationToken = default);

    Task SaveAsync(AudienceRecord record, CancellationToken cancellationToken = default);

    /// <summary>False when there was none.</summary>
    Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Members by audience key, as the committed profile rows add up.</summary>
    Task<IReadOnlyDictionary<string, long>> CountMembersAsync(CancellationToken cancellationToken = default);
}
