using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.SiloHost.Simulation;

namespace CustomerSegmentation.SiloHost.Tests.Simulation;

public sealed class ShopSimulationTests
{
    private static readonly SimulationOptions Options =
        new() { Customers = 800, Seed = 7, Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), HistoryDays = 90 };

    private static readonly long EndMs = Options.Start.AddDays(90).ToUnixTimeMilliseconds();

    [Fact]
    public void Same_seed_gives_the_same_events()
    {
        var first = new ShopSimulation(Options).Events().Take(5_000).Select(Print).ToList();
        var second = new ShopSimulation(Options).Events().Take(5_000).Select(Print).ToList();
        var other = new ShopSimulation(Options with { Seed = 8 }).Events().Take(5_000).Select(Print).ToList();

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void Events_come_in_the_order_of_their_times_with_distinct_ids()
    {
        var events = new ShopSimulation(Options).Events().Take(50_000).ToList();

        Assert.Equal(events.Select(e => e.Event.TimestampMs).Order(), events.Select(e => e.Event.TimestampMs));
        Assert.Equal(events.Count, events.Select(e => e.Event.MessageId).Distinct().Count());
        Assert.All(events, e => Assert.InRange(e.Event.MessageId.Length, 1, 100));
    }

    [Fact]
    public void Types_behave_as_their_names_say()
    {
        var shop = new ShopSimulation(Options);
        var events = shop.Events().TakeWhile(e => e.Event.TimestampMs < EndMs).ToList();
        var type = shop.Truth().ToDictionary(visitor => visitor.CustomerId, visitor => visitor.Type);
        var byType = events.ToLookup(e => type[e.CustomerId]);
        double Of(VisitorType which, Func<CustomerEvent, double> value) =>
            byType[which].Sum(e => value(e.Event)) / byType[which].Select(e => e.CustomerId).Distinct().Count();
        double Orders(VisitorType which) => Of(which, e => e.Kind == EventKind.OrderCompleted ? 1 : 0);
        double Money(VisitorType which) => Of(which, e => e.Kind == EventKind.OrderCompleted ? e.Amount!.Value : 0);

        Assert.Equal(Enum.GetValues<VisitorType>(), type.Values.Distinct().Order());
        Assert.True(Orders(VisitorType.Loyal) > 5 * Orders(VisitorType.Browser));
        Assert.True(Money(VisitorType.BigSpender) / Orders(VisitorType.BigSpender) > 3 * Money(VisitorType.Loyal) / Orders(VisitorType.Loyal));
        Assert.True(
            Of(VisitorType.BargainHunter, e => e is { Kind: EventKind.OrderCompleted, Discount: > 0 } ? 1 : 0) > 0.6 * Orders(VisitorType.BargainHunter));
        Assert.True(Of(VisitorType.Returner, e => e.Kind == EventKind.OrderRefunded ? 1 : 0) > 0.3 * Orders(VisitorType.Returner));
        Assert.True(Last(VisitorType.Lapsing) < Last(VisitorType.Loyal) - 15);
        Assert.True(First(VisitorType.Newcomer) > 60);

        double Last(VisitorType which) => Days(byType[which].GroupBy(e => e.CustomerId).Average(group => group.Max(e => e.Event.TimestampMs)));
        double First(VisitorType which) => Days(byType[which].GroupBy(e => e.CustomerId).Min(group => group.Min(e => e.Event.TimestampMs)));
        double Days(double ms) => (ms - Options.Start.ToUnixTimeMilliseconds()) / 86_400_000.0;
    }

    [Fact]
    public void Visitors_change_their_type_in_time()
    {
        var shop = new ShopSimulation(Options);
        var events = shop.Events().GetEnumerator();
        Advance(Options.Start.AddDays(90));
        var before = shop.Truth().ToDictionary(visitor => visitor.CustomerId, visitor => visitor.Type);
        Advance(Options.Start.AddDays(360));
        var after = shop.Truth().ToDictionary(visitor => visitor.CustomerId, visitor => visitor.Type);

        var changed = before.Count(pair => after[pair.Key] != pair.Value);

        Assert.InRange(changed, before.Count / 20, before.Count * 3 / 4);

        void Advance(DateTimeOffset until)
        {
            while (events.MoveNext() && events.Current.Event.TimestampMs < until.ToUnixTimeMilliseconds())
            {
            }
        }
    }

    [Fact]
    public void Money_and_text_are_as_contracts_ask()
    {
        foreach (var (customer, e) in new ShopSimulation(Options).Events().Take(30_000))
        {
            Assert.InRange(customer.Length, 1, 200);
            Assert.True(e.Amount is null or (>= 0 and < 1e7) && double.IsFinite(e.Amount ?? 0));
            Assert.True(e.Rating is null or >= 0 and <= 5);
            Assert.All(e.Products, line => Assert.True(line.Price is null or > 0 && line.Quantity is null or > 0));
        }
    }

    private static string Print(SimulatedEvent e) =>
        $"{e.CustomerId} {e.Event.MessageId} {e.Event.Kind} {e.Event.TimestampMs} {e.Event.Amount} {e.Event.OrderId} {e.Event.Products.Count}";
}
