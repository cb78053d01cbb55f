using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features.Counting;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Feedback;

/// <summary>Stars that the customer gave.</summary>
internal struct Ratings
{
    private Moments _ratings;

    public static void Declare(ColumnList columns) => columns.Group("feedback")
        .Log("reviews", "reviews", "Reviews written.")
        .Linear("rating", "stars", "Mean stars over the reviews with stars, 0 to 5; 0 without any.")
        .Linear("ratingDeviation", "stars", "Standard deviation of the stars.");

    public void Add(CustomerEvent e)
    {
        if (e.Rating is { } stars && double.IsFinite(stars))
        {
            _ratings.Add(Math.Clamp(stars, 0, 5));
        }
    }

    public readonly void Materialize(uint reviews, ref FeatureWriter writer)
    {
        writer.Add(reviews);
        writer.Add(_ratings.Mean);
        writer.Add(_ratings.StandardDeviation);
    }

    public readonly FeedbackRecord? ToRecord() => _ratings.Count == 0 ? null : new FeedbackRecord { Ratings = _ratings.ToRecord() };

    public static Ratings FromRecord(FeedbackRecord? record) => new() { _ratings = Moments.FromRecord(record?.Ratings) };
}
