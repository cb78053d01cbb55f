using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.Features;

public sealed class OrderOfArrivalTests
{
    [Fact]
    public void Apply_many_events_in_any_order_gives_the_same_features_apart_from_sessions() => Seeds.All(seed =>
    {
        var customer = new RandomCustomer(seed);
        var events = customer.Visits(sessions: 20);
        var asOf = events[^1].TimestampMs + RandomCustomer.DayMs;
        var inOrder = Vectors.At(Vectors.Applied(events), asOf);
        var shuffled = Vectors.At(Vectors.Applied(customer.Shuffled(events)), asOf);
        Vectors.Equal(inOrder, shuffled, relative: 1e-4, exceptGroup: "sessions");
    });

    [Fact]
    public void Apply_no_more_events_than_sessions_are_kept_in_any_order_gives_the_same_features() => Seeds.All(seed =>
    {
        var customer = new RandomCustomer(seed);
        var events = customer.Visits(sessions: 3, eventsMax: 5).Take(8).ToList();
        var asOf = events[^1].TimestampMs;
        var shuffled = customer.Shuffled(events);
        Vectors.Equal(Vectors.At(Vectors.Applied(events), asOf), Vectors.At(Vectors.Applied(shuffled), asOf), relative: 1e-4);
    });

    [Fact]
    public void Apply_more_sessions_than_are_kept_late_within_the_kept_gives_the_same_features() => Seeds.All(seed =>
    {
        var customer = new RandomCustomer(seed);
        var events = customer.Visits(sessions: 40, eventsMax: 4);
        var late = new List<CustomerEvent>(events);

        // Each event swaps with one a few places on: late by less than eight sessions.
        for (var i = 0; i + 5 < late.Count; i += 6)
        {
            var j = i + customer.Next(5);
            (late[i], late[j]) = (late[j], late[i]);
        }

        var asOf = events[^1].TimestampMs;
        Vectors.Equal(Vectors.At(Vectors.Applied(events), asOf), Vectors.At(Vectors.Applied(late), asOf), relative: 1e-4);
    });

    [Fact]
    public void Materialize_as_of_an_earlier_time_counts_as_last_seen()
    {
        var events = new RandomCustomer(3).Visits();
        var features = Vectors.Applied(events);
        Assert.Equal(Vectors.At(features, features.LastSeenMs), Vectors.At(features, 0));
    }

    [Fact]
    public void Materialize_as_of_a_time_knows_nothing_of_later_events() => Seeds.All(seed =>
    {
        var events = new RandomCustomer(seed).Visits();
        var cut = events[events.Count / 2].TimestampMs;
        var before = Vectors.Applied(events.Where(e => e.TimestampMs < cut));
        var expected = Vectors.At(before, cut);
        var again = new CustomerFeatures();
        foreach (var e in events.TakeWhile(e => e.TimestampMs < cut))
        {
            again.Apply(e);
        }

        Assert.Equal(expected, Vectors.At(again, cut));
    }, tests: 30);

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    [InlineData(0L)]
    [InlineData(253_402_300_799_999L)]
    public void Apply_extreme_times_keeps_every_feature_finite(long timeMs)
    {
        var customer = new RandomCustomer(9);
        var features = new CustomerFeatures();
        foreach (var kind in Enum.GetValues<EventKind>())
        {
            features.Apply(customer.At(timeMs, kind));
            features.Apply(customer.At(RandomCustomer.Epoch, kind));
            features.Apply(customer.At(-timeMs, kind));
        }

        Assert.All(Vectors.At(features, timeMs), value => Assert.True(float.IsFinite(value)));
        Assert.All(Vectors.At(features, long.MaxValue), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Apply_extreme_amounts_keeps_every_feature_finite()
    {
        var features = new CustomerFeatures();
        for (var i = 0; i < 100; i++)
        {
            features.Apply(new CustomerEvent
            {
                MessageId = $"{i}",
                Kind = (EventKind)(9 + (i % 2)),
                TimestampMs = RandomCustomer.Epoch + (i * RandomCustomer.DayMs),
                Amount = double.MaxValue,
                Discount = double.MaxValue,
                Products = [new ProductLine { ProductId = "p", Price = double.MaxValue, Quantity = double.MaxValue }],
            });
        }

        Assert.All(Vectors.At(features, RandomCustomer.Epoch + (101 * RandomCustomer.DayMs)), value => Assert.True(float.IsFinite(value)));
    }
}
