using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features.Counting;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Purchases;

/// <summary>Orders, what they came to, what went back, and how regularly they come.</summary>
internal struct PurchaseHistory
{
    private Moments _amounts;
    private double _largest;
    private long _firstOrderMs;
    private long _lastOrderMs;
    private LatestTimes _latest;
    private long _refunds;
    private double _refunded;
    private long _discountedOrders;
    private double _discounts;

    public readonly long Orders => _amounts.Count;

    /// <summary>Orders less refunds.</summary>
    public readonly double Monetary => _amounts.Sum - _refunded;

    /// <summary>Latest order, null without one.</summary>
    public readonly long? LastOrderMs => _amounts.Count == 0 ? null : _lastOrderMs;

    public readonly int EstimatedBytes => _latest.EstimatedBytes;

    public static void Declare(ColumnList columns)
    {
        columns.Group("purchases")
            .Log("frequency", "orders", "Number of orders.", inSpace: true)
            .Log("monetary", "currency", "Orders less refunds and cancellations.", inSpace: true)
            .Log("averageOrderValue", "currency", "Mean amount of an order, before refunds.")
            .Log("orderValueDeviation", "currency", "Standard deviation of the orders' amounts.")
            .Log("largestOrderValue", "currency", "Amount of the largest order.")
            .Log("daysToFirstOrder", "days", "Days from first seen to the first order; 0 without an order.")
            .Log("orderSpanDays", "days", "Days from the first to the last order.")
            .Log("orderGapDays", "days", "Mean days between orders; 0 below two orders.")
            .Log("orderGapDeviationDays", "days", "Standard deviation of the days between the latest 16 orders.")
            .Linear("orderGapVariation", "ratio", "That deviation over the mean of the same gaps: 0 is clockwork, about 1 is chance.");
        columns.Group("discounts")
            .Share("discountedOrderShare", "Share of orders with a discount or a coupon.", inSpace: true)
            .Share("discountShare", "Discounts over the orders' amounts before discount.")
            .Log("couponsApplied", "coupons", "Coupons that were accepted.");
        columns.Group("refunds")
            .Log("refunds", "refunds", "Refunds and cancellations.")
            .Linear("refundsPerOrder", "ratio", "Refunds and cancellations for each order.")
            .Share("refundShare", "Money that went back over money that came, at most 1.", inSpace: true);
    }

    public void Order(CustomerEvent e, long timeMs, double amount)
    {
        _firstOrderMs = _amounts.Count == 0 ? timeMs : Math.Min(_firstOrderMs, timeMs);
        _lastOrderMs = _amounts.Count == 0 ? timeMs : Math.Max(_lastOrderMs, timeMs);
        _amounts.Add(amount);
        _largest = Math.Max(_largest, amount);
        _latest.Add(timeMs);
        var discount = Money.Bound(e.Discount);
        _discounts += discount;
        if (discount > 0 || !string.IsNullOrEmpty(e.Coupon))
        {
            _discountedOrders++;
        }
    }

    public void Refund(double amount)
    {
        _refunds++;
        _refunded += amount;
    }

    public readonly void Materialize(long firstSeenMs, uint couponsApplied, ref FeatureWriter writer)
    {
        var orders = _amounts.Count;
        var span = orders == 0 ? 0 : EventTime.Days(_firstOrderMs, _lastOrderMs);
        var (gapMean, gapDeviation) = _latest.GapDays();
        writer.Add(orders);
        writer.Add(Monetary);
        writer.Add(_amounts.Mean);
        writer.Add(_amounts.StandardDeviation);
        writer.Add(_largest);
        writer.Add(orders == 0 ? 0 : EventTime.Days(firstSeenMs, _firstOrderMs));
        writer.Add(span);

        // The gaps telescope: their mean over all orders needs the ends only.
        writer.AddRatio(span, orders - 1);
        writer.Add(gapDeviation);
        writer.AddRatio(gapDeviation, gapMean);

        writer.AddRatio(_discountedOrders, orders);
        writer.AddRatio(_discounts, _amounts.Sum + _discounts);
        writer.Add(couponsApplied);

        writer.Add(_refunds);
        writer.AddRatio(_refunds, orders);
        writer.Add(_amounts.Sum > 0 ? Math.Min(1, _refunded / _amounts.Sum) : _refunded > 0 ? 1 : 0);
    }

    public readonly PurchasesRecord? ToRecord()
    {
        if (_amounts.Count == 0 && _refunds == 0)
        {
            return null;
        }

        var record = new PurchasesRecord
        {
            Amounts = _amounts.ToRecord(),
            Largest = _largest,
            FirstOrderMs = _firstOrderMs,
            LastOrderMs = _lastOrderMs,
            Refunds = _refunds,
            Refunded = _refunded,
            DiscountedOrders = _discountedOrders,
            Discounts = _discounts,
        };
        _latest.Write(record.LatestMs);
        return record;
    }

    public static PurchaseHistory FromRecord(PurchasesRecord? record) => record is null ? default : new PurchaseHistory
    {
        _amounts = Moments.FromRecord(record.Amounts),
        _largest = record.Largest,
        _firstOrderMs = record.FirstOrderMs,
        _lastOrderMs = record.LastOrderMs,
        _latest = LatestTimes.Read(record.LatestMs),
        _refunds = record.Refunds,
        _refunded = record.Refunded,
        _discountedOrders = record.DiscountedOrders,
        _discounts = record.Discounts,
    };
}
