using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features.Counting;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Baskets;

/// <summary>How large baskets are, and on which level of prices the customer buys and looks. Orders without lines do not count here.</summary>
internal struct BasketShape
{
    private Moments _units;
    private Moments _prices;
    private double _highestPrice;
    private long _viewed;
    private double _viewedPrices;

    /// <summary>Lines over all orders.</summary>
    public long Lines;

    public static void Declare(ColumnList columns) => columns.Group("baskets")
        .Log("basketLines", "lines", "Mean lines of an order.")
        .Log("basketUnits", "units", "Mean units of an order.", inSpace: true)
        .Log("basketUnitsDeviation", "units", "Standard deviation of the orders' units.")
        .Log("unitPrice", "currency", "Mean unit price over the lines bought.", inSpace: true)
        .Log("unitPriceDeviation", "currency", "Standard deviation of the unit prices bought.")
        .Log("unitPriceHighest", "currency", "Highest unit price bought.")
        .Log("viewedPrice", "currency", "Mean unit price of the products viewed or put into the cart.");

    public void Order(IReadOnlyList<ProductLine> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        double units = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            units += Money.Units(line.Quantity);
            if (line.Price is not null)
            {
                var price = Money.Bound(line.Price);
                _prices.Add(price);
                _highestPrice = Math.Max(_highestPrice, price);
            }
        }

        Lines += lines.Count;
        _units.Add(units);
    }

    public void Look(ProductLine product)
    {
        if (product.Price is not null)
        {
            _viewed++;
            _viewedPrices += Money.Bound(product.Price);
        }
    }

    public readonly void Materialize(ref FeatureWriter writer)
    {
        writer.AddRatio(Lines, _units.Count);
        writer.Add(_units.Mean);
        writer.Add(_units.StandardDeviation);
        writer.Add(_prices.Mean);
        writer.Add(_prices.StandardDeviation);
        writer.Add(_highestPrice);
        writer.AddRatio(_viewedPrices, _viewed);
    }

    public readonly BasketsRecord? ToRecord() => Lines == 0 && _viewed == 0 ? null : new BasketsRecord
    {
        Lines = Lines,
        Units = _units.ToRecord(),
        Prices = _prices.ToRecord(),
        HighestPrice = _highestPrice,
        Viewed = _viewed,
        ViewedPrices = _viewedPrices,
    };

    public static BasketShape FromRecord(BasketsRecord? record) => record is null ? default : new BasketShape
    {
        Lines = record.Lines,
        _units = Moments.FromRecord(record.Units),
        _prices = Moments.FromRecord(record.Prices),
        _highestPrice = record.HighestPrice,
        _viewed = record.Viewed,
        _viewedPrices = record.ViewedPrices,
    };
}
