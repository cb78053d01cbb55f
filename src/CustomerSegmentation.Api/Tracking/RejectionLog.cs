using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Rejections;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>Keeps what the tracking API refused or took only in part.</summary>
internal sealed class RejectionLog(ISegmentationEngine engine, TimeProvider clock)
{
    private const string Source = "api";
    private const int ReasonCharsMax = 500;

    public void Keep(IReadOnlyCollection<ItemRejection> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        var time = clock.GetUtcNow();
        engine.Reject([.. items.Select(item => new RejectionView
        {
            Time = time,
            Source = Source,
            Code = item.Code,
            Reason = Parsing.JsonValues.Cut(item.Message, ReasonCharsMax),
            CustomerId = item.CustomerId,
            MessageId = item.MessageId,
            Position = item.Index,
            Excerpt = item.Excerpt,
        })]);
    }
}
