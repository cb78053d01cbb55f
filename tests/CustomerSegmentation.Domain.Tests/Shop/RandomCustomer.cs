using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Domain.Tests.Shop;

/// <summary>Makes the events of one customer from a seed: visits with views, searches, carts, orders, refunds, reviews, traits.</summary>
internal sealed class RandomCustomer(int seed)
{
    public const long Epoch = 1_600_000_000_000;
    public const long DayMs = 86_400_000;
    private readonly Random _random = new(seed);
    private int _made;

    /// <summary>Events in the order of their times, all times different, over at most 8 sessions, in no more than 12 categories and 8 custom names.</summary>
    public List<CustomerEvent> Visits(int sessions = 8, int eventsMax = 12)
    {
        var events = new List<CustomerEvent>();
        var timeMs = Epoch + _random.NextInt64(DayMs * 30);
        for (var session = 0; session < sessions; session++)
        {
            for (var i = _random.Next(1, eventsMax); i > 0; i--)
            {
                events.Add(At(timeMs));
                timeMs += _random.NextInt64(1, 29 * 60_000);
            }

            timeMs += (30 * 60_000) + 1 + _random.NextInt64(DayMs * (_random.Next(4) == 0 ? 90 : 9));
        }

        return events;
    }

    public CustomerEvent At(long timeMs) => At(timeMs, Kind());

    public CustomerEvent At(long timeMs, EventKind kind)
    {
        var order = kind is EventKind.OrderCompleted or EventKind.OrderRefunded;
        var lines = order ? _random.Next(1, 5) : kind is EventKind.ProductViewed or EventKind.ProductAdded or EventKind.ProductReviewed ? 1 : 0;
        return new CustomerEvent
        {
            MessageId = $"m{seed}-{_made++}",
            Kind = kind,
            TimestampMs = timeMs,
            ReceivedMs = timeMs + _random.Next(-2_000, 90_000),
            Name = kind == EventKind.Custom ? $"Event {_random.Next(8)}" : null,
            Channel = (Channel)_random.Next(7),
            Device = (DeviceKind)_random.Next(5),
            Products = [.. Enumerable.Range(0, lines).Select(_ => Product())],
            OrderId = order ? $"o{_random.Next(1000)}" : null,
            Amount = order ? Math.Round(_random.NextDouble() * 200, 2) : null,
            Discount = order && _random.Next(4) == 0 ? 5.5 : null,
            Currency = order ? "EUR" : null,
            Coupon = kind is EventKind.CouponApplied or EventKind.CouponDenied ? "SPRING" : null,
            Query = kind == EventKind.ProductsSearched ? "blue lamp" : null,
            Rating = kind == EventKind.ProductReviewed ? _random.Next(1, 6) : null,
            Text = kind == EventKind.ProductReviewed ? "Très bien 👍" : null,
            Traits = kind == EventKind.TraitsIdentified ? Person() : [],
        };
    }

    /// <summary>The same list in another order.</summary>
    public List<CustomerEvent> Shuffled(List<CustomerEvent> events)
    {
        var copy = events.ToArray();
        _random.Shuffle(copy);
        return [.. copy];
    }

    public int Next(int below) => _random.Next(below);

    private EventKind Kind() => _random.Next(12) switch
    {
        0 or 1 => EventKind.OrderCompleted,
        2 => EventKind.OrderRefunded,
        3 => EventKind.ProductAdded,
        4 => EventKind.TraitsIdentified,
        _ => (EventKind)_random.Next(19),
    };

    private ProductLine Product() => new()
    {
        ProductId = $"p{_random.Next(40)}",
        Name = "Lamp",
        Category = _random.Next(5) == 0 ? null : $"Category {_random.Next(12)}",
        Price = Math.Round(1 + (_random.NextDouble() * 50), 2),
        Quantity = _random.Next(3) == 0 ? null : _random.Next(1, 6),
    };

    private Trait[] Person() =>
    [
        new Trait { Name = "age", Value = "41", Number = 18 + _random.Next(60) },
        new Trait { Name = "gender", Value = _random.Next(2) == 0 ? "female" : "male" },
        new Trait { Name = "country", Value = _random.Next(5) == 0 ? null : "France" },
        new Trait { Name = "income", Value = "30000", Number = _random.Next(20_000, 90_000) },
        new Trait { Name = "consent", Value = _random.Next(2) == 0 ? "true" : "false", Number = null },
    ];
}
