using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Rejections;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>Keeps what the tracking API refused or took only in part.</summary>
internal sealed class RejectionLog(ISegmentationEngine engine, TimeProvider clock)
{
    private const string Source = "api";
    private const int ReasonCharsMax = 500;

    /// <param name="erasedIds">Customers of whom the log must not bring back what an erasure removed.</param>
    public void Keep(IReadOnlyCollection<ItemRejection> items, IReadOnlySet<string>? erasedIds = null)
    {
        if (items.Count == 0)
        {
            return;
        }

        var time = clock.GetUtcNow();
        engine.Reject([.. items.Select(item =>
        {
            var isErased = item.CustomerId is { } id && erasedIds?.Contains(id) == true;
            return new RejectionView
            {
                Time = time,
                Source = Source,
                Code = item.Code,
                Reason = Parsing.JsonValues.Cut(item.Message, ReasonCharsMax),
                CustomerId = isErased ? null : item.CustomerId,
                MessageId = item.MessageId,
                Position = item.Index,
                Excerpt = isErased ? null : item.Excerpt,
            };
        })]);
    }
}
