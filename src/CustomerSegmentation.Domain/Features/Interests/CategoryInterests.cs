using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features.Counting;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Interests;

/// <summary>The categories that hold most of the customer's interest, each touch weighted by what it cost the customer to do.</summary>
internal struct CategoryInterests
{
    private const int Capacity = 12;

    private FrequentNames _names;

    public readonly int EstimatedBytes => _names.EstimatedBytes;

    public static void Declare(ColumnList columns) => columns.Group("variety")
        .Share("topCategoryShare", "Share of the strongest category in the customer's interest.")
        .Linear("categoryEntropy", "nats", "Entropy over the strongest 12 categories: 0 is one category only, higher is broader.");

    /// <summary>What one touch says about interest: a view little, an order line most; nothing for kinds that tell no interest.</summary>
    public static uint WeightOf(EventKind kind) => kind switch
    {
        EventKind.ProductListViewed or EventKind.ProductViewed => 1,
        EventKind.ProductAddedToWishlist or EventKind.ProductReviewed => 2,
        EventKind.ProductAdded => 3,
        EventKind.OrderCompleted => 5,
        _ => 0,
    };

    /// <param name="category">Its name.</param>
    /// <param name="categoryHash">The name's <see cref="Hashing.StableHash"/>.</param>
    /// <param name="weight">Of <see cref="WeightOf"/>.</param>
    public void Touch(string category, ulong categoryHash, uint weight) => _names.Add(category, categoryHash, weight, Capacity);

    public readonly IReadOnlyList<CategoryInterest> Top(int max)
    {
        double total = _names.Total;
        return _names.Heaviest(max).ConvertAll(c => new CategoryInterest { Category = c.Name, Share = Math.Min(1, c.Weight / total) });
    }

    public readonly void Materialize(ref FeatureWriter writer)
    {
        var (heaviest, entropy) = _names.Shape();
        writer.Add(_names.Total > 0 ? Math.Min(1, heaviest / _names.Total) : 0);
        writer.Add(entropy);
    }

    public readonly FrequentNamesRecord? ToRecord() => _names.ToRecord();

    public static CategoryInterests FromRecord(FrequentNamesRecord? record) => new() { _names = FrequentNames.FromRecord(record, Capacity) };
}
