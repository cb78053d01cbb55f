using CustomerSegmentation.Contracts.Rejections;

namespace CustomerSegmentation.Storage.Rejections;

/// <summary>The latest rejections, bounded in number.</summary>
public interface IRejectionLog
{
    /// <summary>
    /// Queues rejections to be kept; never blocks. Of an erased customer neither id nor reason nor excerpt is kept. When the bounded queue is full they are only counted (<see cref="Dropped"/>): the senders were answered anyway.
    /// </summary>
    void Append(IReadOnlyList<RejectionView> rejections);

    /// <summary>
    /// Rejections below an id, newest first, with those that are queued. Where several processes write, ids may repeat; a page then holds all of its last id,
    /// and so may be longer than the limit.
    /// </summary>
    Task<IReadOnlyList<RejectionView>> ListAsync(long beforeId, int limit, CancellationToken cancellationToken = default);

    /// <summary>Rejections that were not kept because the queue was full.</summary>
    long Dropped { get; }
}
