using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Storage.Rejections;

namespace CustomerSegmentation.Storage.InMemory;

internal sealed class InMemoryRejectionLog(InMemoryStorageOptions options, InMemoryData data) : IRejectionLog
{
    private long _dropped;
    private bool _closed;

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Nothing more is taken.</summary>
    public void Close()
    {
        lock (data.Gate)
        {
            _closed = true;
        }
    }

    public void Append(IReadOnlyList<RejectionView> rejections)
    {
        lock (data.Gate)
        {
            if (_closed)
            {
                Interlocked.Add(ref _dropped, rejections.Count);
                return;
            }

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
