using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.Segments;

public sealed class SegmentNamingTests
{
    private static readonly SegmentNaming Naming = new(SegmentSamples.Schema.Columns);

    [Fact]
    public void Names_follow_the_features()
    {
        var named = Naming.Name(
            [
                Profile([("recencyDays", -1), ("frequency", 1.6), ("monetary", 1.5)], ("frequency", 14), ("recencyDays", 4), ("orderGapDays", 12)),
                Profile([("recencyDays", -0.8), ("frequency", -0.6), ("monetary", -0.5), ("tenureDays", -1.5)], ("frequency", 1), ("recencyDays", 6)),
                Profile([("recencyDays", 1.5), ("frequency", -0.8), ("monetary", -0.8), ("tenureDays", 0.8)], ("frequency", 1), ("recencyDays", 300)),
                Profile([("discountedOrderShare", 1.8)], ("frequency", 3), ("recencyDays", 40), ("discountedOrderShare", 0.9)),
                Profile([("frequency", -1.2), ("monetary", -1.3), ("views30d", 0.7)], ("recencyDays", 12), ("views", 40)),
            ],
            new Segment?[5],
            []);

        Assert.Equal(["Champions", "New customers", "Lost", "Bargain hunters", "Browsers"], named.Select(segment => segment.Name));
        Assert.Equal(["champions", "new-customers", "lost", "bargain-hunters", "browsers"], named.Select(segment => segment.Key));
        Assert.All(named, segment => Assert.EndsWith(".", segment.Advice, StringComparison.Ordinal));
        Assert.Contains("14 orders", named[0].Description, StringComparison.Ordinal);
        Assert.Contains("90% of the orders at a discount", named[3].Description, StringComparison.Ordinal);
        Assert.Contains("no order, ", named[4].Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Customers_of_whom_only_refunds_are_known_are_named_by_their_returns()
    {
        var columns = SegmentSamples.Schema.Columns;
        List<float[]> rows = [];
        var labels = new List<int>();
        for (var customer = 0; customer < 90; customer++)
        {
            labels.Add(customer % 3);
            rows.Add(Vectors.At(Vectors.Applied(Shopping(customer, buys: customer % 3 == 0, returns: customer % 3 == 1)), SegmentSamples.NowMs));
        }

        var monetary = rows.Select(row => (double)row[SegmentSamples.Schema.IndexOf("monetary")]).ToArray();
        var profiles = SegmentProfiler.Profile(
            columns, new FeatureRows(rows.SelectMany(row => row).ToArray(), rows.Count, columns.Count), labels.ToArray(), monetary, 3);

        var names = Naming.Name(profiles, new Segment?[3], []).Select(segment => segment.Name).ToArray();

        Assert.Equal(["Returns only", "Browsers"], names[1..]);
    }

    [Fact]
    public void Key_of_a_segment_that_lives_on_stays_when_its_name_changes()
    {
        var former = SegmentSamples.Segment("new-customers", 0, 0) with { Name = "New customers" };
        var champion = Profile([("recencyDays", -1), ("frequency", 1.6), ("monetary", 1.5)], ("frequency", 14), ("recencyDays", 4), ("orderGapDays", 12));

        var named = Naming.Name([champion], [former], ["new-customers"]);

        Assert.Equal(("new-customers", "Champions"), (named[0].Key, named[0].Name));
    }

    [Fact]
    public void Key_that_another_segment_ever_had_is_not_given_again()
    {
        var champion = Profile([("recencyDays", -1), ("frequency", 1.6), ("monetary", 1.5)], ("frequency", 14), ("recencyDays", 4), ("orderGapDays", 12));

        var named = Naming.Name([champion], [null], ["champions", "champions-2"]);

        Assert.Equal(("champions-3", "Champions"), (named[0].Key, named[0].Name));
    }

    [Fact]
    public void Names_and_keys_differ_even_when_there_are_more_segments_than_words()
    {
        var profiles = Enumerable.Range(0, 32).Select(_ => Profile([], ("frequency", 3))).ToArray();

        var named = Naming.Name(profiles, new Segment?[32], []);

        Assert.Equal(32, named.Select(segment => segment.Name).Distinct().Count());
        Assert.Equal(32, named.Select(segment => segment.Key).Distinct().Count());
    }

    [Fact]
    public void Distinguishing_features_are_the_strongest_of_the_space_in_their_units()
    {
        var features = Naming.Distinguish(Profile([("frequency", 0.9), ("monetary", -1.4), ("unitPrice", 0.01)], ("monetary", 12)));

        Assert.Equal(["monetary", "frequency"], features.Select(feature => feature.Feature));
        Assert.Equal((-1.4, 12, "currency"), (features[0].Effect, features[0].Typical, features[0].Unit));
    }

    private static IEnumerable<CustomerEvent> Shopping(int customer, bool buys, bool returns)
    {
        for (var number = 0; number < 3 + (customer % 4); number++)
        {
            yield return new CustomerEvent
            {
                MessageId = $"{customer}-{number}",
                Kind = buys ? EventKind.OrderCompleted : returns ? EventKind.OrderRefunded : EventKind.ProductViewed,
                TimestampMs = SegmentSamples.NowMs - ((10 + customer + (20L * number)) * SegmentSamples.DayMs),
                OrderId = $"o-{customer}-{number}",
                Amount = buys || returns ? 20 + customer : null,
            };
        }
    }

    private static SegmentProfile Profile((string Feature, double Effect)[] effects, params (string Feature, double Median)[] medians)
    {
        var effect = new double[SegmentSamples.Schema.Count];
        var median = new double[SegmentSamples.Schema.Count];
        foreach (var (feature, value) in effects)
        {
            effect[SegmentSamples.Schema.IndexOf(feature)] = value;
        }

        foreach (var (feature, value) in medians)
        {
            median[SegmentSamples.Schema.IndexOf(feature)] = value;
        }

        return new SegmentProfile
        {
            Customers = 10, Share = 0.1, MonetaryShare = 0.2, Effects = effect, Medians = median, Overall = new double[effect.Length],
        };
    }
}
