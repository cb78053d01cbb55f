using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features.Counting;
using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Variety;

/// <summary>How many different products the customer bought, and how many categories they touched at all.</summary>
internal struct ProductVariety
{
    private const int ProductBits = 1024;
    private const int CategoryBits = 256;

    private LinearCounter _products;
    private LinearCounter _categories;

    public readonly int EstimatedBytes => _products.EstimatedBytes + _categories.EstimatedBytes;

    public static void Declare(ColumnList columns) => columns.Group("variety")
        .Log("distinctProducts", "products", "Different products bought, by linear counting in 1024 bits (4% off at 1,000).", inSpace: true)
        .Log("distinctCategories", "categories", "Different categories viewed, put into the cart or bought.", inSpace: true)
        .Share("repeatLineShare", "Share of order lines whose product had been bought before.");

    public void Bought(ProductLine line)
    {
        var product = string.IsNullOrEmpty(line.ProductId) ? line.Name : line.ProductId;
        if (!string.IsNullOrEmpty(product))
        {
            _products.Add(StableHash.Of(product), ProductBits);
        }
    }

    /// <param name="categoryHash">The category's <see cref="StableHash"/>.</param>
    public void Touched(ulong categoryHash) => _categories.Add(categoryHash, CategoryBits);

    public readonly void Materialize(long linesBought, ref FeatureWriter writer)
    {
        var products = _products.Estimate;
        writer.Add(products);
        writer.Add(_categories.Estimate);
        writer.AddRatio(products > 0 ? Math.Max(0, linesBought - products) : 0, linesBought);
    }

    public readonly VarietyRecord? ToRecord()
    {
        var products = _products.ToRecord();
        var categories = _categories.ToRecord();
        return products is null && categories is null ? null : new VarietyRecord { Products = products, Categories = categories };
    }

    public static ProductVariety FromRecord(VarietyRecord? record) => record is null ? default : new ProductVariety
    {
        _products = LinearCounter.FromRecord(record.Products, ProductBits),
        _categories = LinearCounter.FromRecord(record.Categories, CategoryBits),
    };
}
