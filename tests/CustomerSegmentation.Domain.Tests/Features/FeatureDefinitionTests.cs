using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.Features;

/// <summary>Columns against values worked out by hand.</summary>
public sealed class FeatureDefinitionTests
{
    private const long T0 = RandomCustomer.Epoch;
    private const long Day = RandomCustomer.DayMs;
    private const long Minute = 60_000;
    private int _id;

    [Fact]
    public void Recency_frequency_monetary_of_two_orders_are_theirs()
    {
        var features = Vectors.Applied([Order(T0, 20), Order(T0 + (10 * Day), 30), Event(EventKind.ProductViewed, T0 + (12 * Day))]);
        var asOf = T0 + (15 * Day);
        Assert.Equal(5, Vectors.Column(features, "recencyDays", asOf));
        Assert.Equal(3, Vectors.Column(features, "inactivityDays", asOf));
        Assert.Equal(15, Vectors.Column(features, "tenureDays", asOf));
        Assert.Equal(2, Vectors.Column(features, "frequency", asOf));
        Assert.Equal(50, Vectors.Column(features, "monetary", asOf));
        Assert.Equal(25, Vectors.Column(features, "averageOrderValue", asOf));
        Assert.Equal(Math.Sqrt(50), Vectors.Column(features, "orderValueDeviation", asOf), 1e-5);
        Assert.Equal(10, Vectors.Column(features, "orderGapDays", asOf));
        Assert.Equal(2, features.Orders);
        Assert.Equal(50, features.Monetary);
        Assert.Equal(T0 + (10 * Day), features.LastOrderMs);
    }

    [Fact]
    public void Recency_without_an_order_counts_from_first_seen()
    {
        var features = Vectors.Applied([Event(EventKind.ProductViewed, T0), Event(EventKind.ProductViewed, T0 + Day)]);
        Assert.Equal(4, Vectors.Column(features, "recencyDays", T0 + (4 * Day)));
    }

    [Fact]
    public void Order_gaps_of_regular_and_irregular_buyers_tell_them_apart()
    {
        var regular = Vectors.Applied(Enumerable.Range(0, 30).Select(i => Order(T0 + (i * 7 * Day), 10)));
        Assert.Equal(7, Vectors.Column(regular, "orderGapDays"));
        Assert.Equal(0, Vectors.Column(regular, "orderGapVariation"));
        var irregular = Vectors.Applied([Order(T0, 1), Order(T0 + (2 * Day), 1), Order(T0 + (8 * Day), 1)]);
        Assert.Equal(Math.Sqrt(8), Vectors.Column(irregular, "orderGapDeviationDays"), 1e-5);
        Assert.Equal(Math.Sqrt(8) / 4, Vectors.Column(irregular, "orderGapVariation"), 1e-5);
    }

    [Fact]
    public void Refund_of_the_whole_order_takes_its_money_back_and_leaves_the_order()
    {
        var kept = Vectors.Applied([Order(T0, 80)]);
        var features = Vectors.Applied([Order(T0, 80), Order(T0 + Day, 120), Refund(T0 + (2 * Day), 120)]);
        Assert.Equal(kept.Monetary, features.Monetary);
        Assert.Equal(2, features.Orders);
        Assert.Equal(0.6, Vectors.Column(features, "refundShare"), 1e-6);
        Assert.Equal(0.5, Vectors.Column(features, "refundsPerOrder"));
    }

    [Fact]
    public void Baskets_of_lines_units_and_prices_have_their_means()
    {
        var first = Order(T0, 30, Line("a", "x", 10, 1), Line("b", "x", 5, 4));
        var second = Order(T0 + Day, 12, Line("a", "y", 12, null));
        var features = Vectors.Applied([first, second]);
        Assert.Equal(1.5, Vectors.Column(features, "basketLines"));
        Assert.Equal(3, Vectors.Column(features, "basketUnits"));
        Assert.Equal(9, Vectors.Column(features, "unitPrice"));
        Assert.Equal(12, Vectors.Column(features, "unitPriceHighest"));
        Assert.Equal(2, Vectors.Column(features, "distinctProducts"), 0.01);
        Assert.Equal(1 / 3.0, Vectors.Column(features, "repeatLineShare"), 0.01);
        Assert.Equal(2 / 3.0, Vectors.Column(features, "topCategoryShare"), 1e-5);
        Assert.Equal(["x", "y"], features.TopCategories(8).Select(c => c.Category));
    }

    [Fact]
    public void Distinct_products_of_a_thousand_are_within_a_tenth()
    {
        var features = Vectors.Applied(Enumerable.Range(0, 1000).Select(i => Order(T0 + i, 1, Line($"product {i}", null, 1, 1))));
        Assert.InRange(Vectors.Column(features, "distinctProducts"), 900, 1100);
    }

    [Fact]
    public void Sessions_half_an_hour_apart_are_separate_and_a_late_event_joins_them()
    {
        CustomerEvent[] events =
        [
            Event(EventKind.ProductViewed, T0), Event(EventKind.ProductAdded, T0 + (10 * Minute)),
            Event(EventKind.ProductViewed, T0 + (50 * Minute)),
        ];
        var apart = Vectors.Applied(events);
        Assert.Equal(2, Vectors.Column(apart, "sessions"));
        Assert.Equal(5, Vectors.Column(apart, "sessionMinutes"));
        Assert.Equal(1.5, Vectors.Column(apart, "sessionDepth"));
        Assert.Equal(0.5, Vectors.Column(apart, "singleEventSessionShare"));
        Assert.Equal(1, Vectors.Column(apart, "cartAbandonmentShare"));
        apart.Apply(Order(T0 + (30 * Minute), 5));
        Assert.Equal(1, Vectors.Column(apart, "sessions"));
        Assert.Equal(50, Vectors.Column(apart, "sessionMinutes"));
        Assert.Equal(0, Vectors.Column(apart, "cartAbandonmentShare"));
        Assert.Equal(1, Vectors.Column(apart, "orderSessionShare"));
    }

    [Fact]
    public void Sessions_beyond_those_kept_stay_counted()
    {
        var features = Vectors.Applied(Enumerable.Range(0, 100).Select(i => Event(EventKind.ProductAdded, T0 + (i * Day))));
        Assert.Equal(100, Vectors.Column(features, "sessions"));
        Assert.Equal(1, Vectors.Column(features, "cartAbandonmentShare"));
    }

    [Fact]
    public void Rhythm_of_an_event_is_its_hour_and_weekday_in_utc()
    {
        // 2020-09-13 12:26:40 UTC, a Sunday.
        var features = Vectors.Applied([Event(EventKind.ProductViewed, T0)]);
        Assert.Equal(1, Vectors.Column(features, "hours12To16Share"));
        Assert.Equal(1, Vectors.Column(features, "sundayShare"));
    }

    [Fact]
    public void Traits_the_latest_by_event_time_holds_whatever_came_last()
    {
        var features = Vectors.Applied([Age(T0 + Day, 50), Age(T0, 30)]);
        Assert.Equal(50, Vectors.Column(features, "ageYears"));
        Assert.Equal(1, Vectors.Column(features, "ageKnown"));
        features.Apply(Age(T0 + (2 * Day), null));
        Assert.Equal(0, Vectors.Column(features, "ageKnown"));
    }

    [Fact]
    public void Custom_events_are_counted_under_their_names()
    {
        var features = Vectors.Applied([Custom("Quiz"), Custom("Quiz"), Custom("Tour")]);
        Assert.Equal([new NamedCount("Quiz", 2), new NamedCount("Tour", 1)], features.TopCustomEvents(5));
        Assert.Equal(3, Vectors.Column(features, "customEvents"));
    }

    [Fact]
    public void Names_longer_than_those_kept_are_bounded()
    {
        var features = Vectors.Applied([Custom(new string('a', 500)), Custom(new string('a', 400))]);
        var only = Assert.Single(features.TopCustomEvents(5));
        Assert.Equal(new NamedCount(new string('a', 64), 2), only);
    }

    [Fact]
    public void Discounts_and_ratings_have_their_shares_and_means()
    {
        var features = Vectors.Applied(
        [
            new CustomerEvent { MessageId = "1", Kind = EventKind.OrderCompleted, TimestampMs = T0, Amount = 75, Discount = 25 },
            Order(T0, 100),
            new CustomerEvent { MessageId = "2", Kind = EventKind.ProductReviewed, TimestampMs = T0, Rating = 2 },
            new CustomerEvent { MessageId = "3", Kind = EventKind.ProductReviewed, TimestampMs = T0, Rating = 4 },
        ]);
        Assert.Equal(0.5, Vectors.Column(features, "discountedOrderShare"));
        Assert.Equal(0.125, Vectors.Column(features, "discountShare"));
        Assert.Equal(3, Vectors.Column(features, "rating"));
        Assert.Equal(Math.Sqrt(2), Vectors.Column(features, "ratingDeviation"), 1e-6);
    }

    private CustomerEvent Event(EventKind kind, long timeMs) => new() { MessageId = $"{_id++}", Kind = kind, TimestampMs = timeMs };

    private CustomerEvent Custom(string name) => new() { MessageId = $"{_id++}", Kind = EventKind.Custom, TimestampMs = T0, Name = name };

    private CustomerEvent Refund(long timeMs, double amount) =>
        new() { MessageId = $"{_id++}", Kind = EventKind.OrderRefunded, TimestampMs = timeMs, Amount = amount };

    private CustomerEvent Order(long timeMs, double amount, params ProductLine[] lines) =>
        new() { MessageId = $"{_id++}", Kind = EventKind.OrderCompleted, TimestampMs = timeMs, Amount = amount, Products = lines };

    private CustomerEvent Age(long timeMs, double? age) => new()
    {
        MessageId = $"{_id++}",
        Kind = EventKind.TraitsIdentified,
        TimestampMs = timeMs,
        Traits = [new Trait { Name = "age", Value = age?.ToString(System.Globalization.CultureInfo.InvariantCulture), Number = age }],
    };

    private static ProductLine Line(string id, string? category, double price, double? quantity) =>
        new() { ProductId = id, Category = category, Price = price, Quantity = quantity };
}
