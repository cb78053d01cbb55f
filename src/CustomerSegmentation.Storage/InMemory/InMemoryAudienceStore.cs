using CustomerSegmentation.Storage.Audiences;

namespace CustomerSegmentation.Storage.InMemory;

internal sealed class InMemoryAudienceStore(InMemoryData data) : IAudienceStore
{
    public Task<IReadOnlyList<AudienceRecord>> ListAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            return Task.FromResult<IReadOnlyList<AudienceRecord>>([.. data.Audiences.Values]);
        }
    }

    public Task SaveAsync(AudienceRecord record, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            data.Audiences[record.Key] = record;
        }

        return Task.CompletedTask;
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            return Task.FromResult(data.Audiences.Remove(key));
        }
    }

    public Task<IReadOnlyDictionary<string, long>> CountMembersAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            var counts = data.ByKey.Values
                .Where(c => c.Row is not null)
                .SelectMany(c => c.Row!.Audiences.Distinct(StringComparer.Ordinal))
                .GroupBy(key => key, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.LongCount(), StringComparer.Ordinal);
            return Task.FromResult<IReadOnlyDictionary<string, long>>(counts);
        }
    }
}
