using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.Features;

public sealed class AgingTests
{
    [Fact]
    public void Age_a_vector_equals_materializing_later() => Seeds.All(seed =>
    {
        var customer = new RandomCustomer(seed);
        var features = Vectors.Applied(customer.Visits(1 + customer.Next(8)));
        var from = features.LastSeenMs + (customer.Next(400) * RandomCustomer.DayMs / 7);
        var to = from + (customer.Next(800) * RandomCustomer.DayMs / 5);
        var aged = Vectors.At(features, from);
        FeatureSchema.Current.Age(aged, from, to);
        Vectors.Equal(Vectors.At(features, to), aged, relative: 1e-5);
    });

    [Fact]
    public void Age_in_many_steps_equals_one_step()
    {
        var features = Vectors.Applied(new RandomCustomer(5).Visits());
        var from = features.LastSeenMs;
        var steps = Vectors.At(features, from);
        for (var day = 0; day < 100; day++)
        {
            FeatureSchema.Current.Age(steps, from + (day * RandomCustomer.DayMs), from + ((day + 1) * RandomCustomer.DayMs));
        }

        Vectors.Equal(Vectors.At(features, from + (100 * RandomCustomer.DayMs)), steps, relative: 1e-4);
    }

    [Fact]
    public void Age_back_in_time_changes_nothing()
    {
        var features = Vectors.Applied(new RandomCustomer(5).Visits());
        var vector = Vectors.At(features, features.LastSeenMs);
        var aged = (float[])vector.Clone();
        FeatureSchema.Current.Age(aged, features.LastSeenMs, features.LastSeenMs - 1);
        Assert.Equal(vector, aged);
    }

    [Fact]
    public void Decayed_orders_one_half_life_later_are_half()
    {
        var customer = new RandomCustomer(1);
        var features = Vectors.Applied([customer.At(RandomCustomer.Epoch, Contracts.Events.EventKind.OrderCompleted)]);
        Assert.Equal(1, Vectors.Column(features, "orders7d", RandomCustomer.Epoch), 1e-6);
        Assert.Equal(0.5, Vectors.Column(features, "orders7d", RandomCustomer.Epoch + (7 * RandomCustomer.DayMs)), 1e-6);
        Assert.Equal(0.25, Vectors.Column(features, "orders30d", RandomCustomer.Epoch + (60 * RandomCustomer.DayMs)), 1e-6);
    }

    [Fact]
    public void Decayed_sums_over_years_equal_their_definition() => Seeds.All(seed =>
    {
        var random = new Random(seed);
        var times = Enumerable.Range(0, 300).Select(_ => RandomCustomer.Epoch + random.NextInt64(1500 * RandomCustomer.DayMs)).ToArray();
        var customer = new RandomCustomer(seed);
        var features = Vectors.Applied(times.Select(t => customer.At(t, Contracts.Events.EventKind.ProductViewed)));
        var asOf = RandomCustomer.Epoch + (1510 * RandomCustomer.DayMs);
        foreach (var halfLife in new[] { 1, 7, 30, 90 })
        {
            var expected = times.Sum(t => Math.Pow(2, -(asOf - t) / (double)RandomCustomer.DayMs / halfLife));
            Assert.Equal(expected, Vectors.Column(features, $"views{halfLife}d", asOf), 1e-9 + (expected * 1e-5));
        }
    }, tests: 30);
}
