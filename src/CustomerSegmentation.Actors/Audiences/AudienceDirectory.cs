using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Domain.Audiences;
using CustomerSegmentation.Storage.Audiences;

namespace CustomerSegmentation.Actors.Audiences;

/// <summary>The shop's audiences: kept in storage, in force for live actors at once, for everybody else by a sweep.</summary>
/// <param name="store">Where they last.</param>
/// <param name="active">What live actors evaluate.</param>
/// <param name="timeProvider">The wall clock.</param>
/// <param name="onChanged">Called when memberships must be brought up to date in the background.</param>
public sealed class AudienceDirectory(IAudienceStore store, ActiveAudiences active, TimeProvider timeProvider, Action onChanged) : IAudienceDirectory
{
    /// <summary>Audiences at most.</summary>
    public const int AudiencesMax = 200;

    // Changes come one after the other: what is in force is always what the latest one left in storage.
    private readonly SemaphoreSlim _changing = new(1, 1);

    /// <summary>Puts the stored audiences in force: at start, and again where other processes may change them.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            ReplaceActive(await store.ListAsync(cancellationToken));
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task<IReadOnlyList<AudienceView>> ListAsync(CancellationToken cancellationToken = default)
    {
        var records = await store.ListAsync(cancellationToken);
        var sizes = await store.CountMembersAsync(cancellationToken);
        return [.. records.Select(r => ToView(r, sizes.GetValueOrDefault(r.Key)))];
    }

    public async Task<AudienceView> PutAsync(string key, string name, string rule, CancellationToken cancellationToken = default)
    {
        if (!IsKey(key))
        {
            throw new FormatException("An audience's key is 1 to 64 of a-z, 0-9, dash and underscore, beginning with a letter.");
        }
        if (name.Length is 0 or > 200)
        {
            throw new FormatException("An audience's name is 1 to 200 characters.");
        }
        AudienceRule.Parse(rule);
        await _changing.WaitAsync(cancellationToken);
        try
        {
            return await PutInTurnAsync(key, name, rule, cancellationToken);
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var existed = await store.DeleteAsync(key, cancellationToken);
            if (existed)
            {
                await RenewAsync();
            }
            return existed;
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<AudienceView> PutInTurnAsync(string key, string name, string rule, CancellationToken cancellationToken)
    {
        var records = await store.ListAsync(cancellationToken);
        var before = records.FirstOrDefault(r => r.Key == key);
        if (before is null && records.Count >= AudiencesMax)
        {
            throw new FormatException($"There are {AudiencesMax} audiences already, which is the most.");
        }
        var changed = before?.Rule != rule;
        var record = new AudienceRecord(
            key, name, rule, (before?.Revision ?? 0) + (changed ? 1 : 0),
            changed ? timeProvider.GetUtcNow().ToUnixTimeMilliseconds() : before!.ChangedMs);
        await store.SaveAsync(record, cancellationToken);
        if (changed)
        {
            await RenewAsync();
        }
        var sizes = await store.CountMembersAsync(cancellationToken);
        return ToView(record, sizes.GetValueOrDefault(key));
    }

    /// <summary>Not cancelled with its caller: what was saved comes into force.</summary>
    private async Task RenewAsync()
    {
        ReplaceActive(await store.ListAsync());
        onChanged();
    }

    private void ReplaceActive(IReadOnlyList<AudienceRecord> records) =>
        active.Replace(records.Select(r => new ActiveAudiences.Audience(r.Key, r.Revision, AudienceRule.Parse(r.Rule))));

    private static AudienceView ToView(AudienceRecord record, long size) => new()
    {
        Key = record.Key,
        Name = record.Name,
        Rule = record.Rule,
        Revision = record.Revision,
        Size = size,
        ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(record.ChangedMs),
    };

    private static bool IsKey(string key) =>
        key.Length is >= 1 and <= 64 && key[0] is >= 'a' and <= 'z' && key.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-' or '_');
}
