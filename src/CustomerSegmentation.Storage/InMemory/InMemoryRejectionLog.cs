using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Storage.Rejections;

namespace CustomerSegmentation.Storage.InMemory;

internal sealed class InMemoryRejectionLog(InMemoryStorageOptions options, InMemoryData data) : IRejectionLog
{
    /// <summary>Nothing is queued here, so nothing is dropped.</summary>
    public long Dropped => 0;

    public void Append(IReadOnlyList<RejectionView> rejections)
    {
        lock (data.Gate)
        {
            foreach (var rejection in rejections)
            {
                var kept = rejection.WithId(++data.LastRejection);
                data.Rejections.Enqueue(kept.CustomerId is { } id && data.Erased.Contains(id) ? kept.WithoutCustomer() : kept);
                if (data.Rejections.Count > options.RejectionsMax)
                {
                    data.Rejections.Dequeue();
                }
            }
        }
    }

    public Task<IReadOnlyList<RejectionView>> ListAsync(long beforeId, int limit, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            RejectionView[] page = [.. data.Rejections.Where(r => r.Id < beforeId).Reverse().Take(limit)];
            return Task.FromResult<IReadOnlyList<RejectionView>>(page);
        }
    }
}
