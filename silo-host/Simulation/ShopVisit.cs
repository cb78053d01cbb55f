using System.Globalization;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>One session of one visitor, with what follows from it days later: the review, the return.</summary>
internal sealed class ShopVisit
{
    private static readonly string[] Countries = ["DE", "FR", "GB", "NL", "ES", "US"];
    private static readonly double[] CountryWeights = [30, 20, 20, 10, 10, 10];
    private static readonly string[] Praise = ["Lovely, would buy again.", "Good quality and quick delivery.", "Exactly as described.", "A perfect gift."];
    private static readonly string[] Complaint = ["Broke after two days.", "Much smaller than I thought.", "The colour is not as shown.", "Arrived late and scratched."];

    private readonly Visitor _visitor;
    private readonly SimulationRandom _random;
    private readonly Catalogue _catalogue;
    private readonly string _sessionId;
    private readonly Action<Visitor, long, Func<string, CustomerEvent>> _emit;
    private readonly DeviceKind _device;
    private readonly Channel _channel;
    private readonly List<ProductLine> _cart = [];
    private long _timeMs;

    public ShopVisit(
        Visitor visitor, Catalogue catalogue, long startMs, string sessionId, Action<Visitor, long, Func<string, CustomerEvent>> emit)
    {
        (_visitor, _random, _catalogue, _timeMs, _sessionId, _emit) = (visitor, visitor.Random, catalogue, startMs, sessionId, emit);
        var mobile = _random.Chance(visitor.Behaviour.Mobile);
        _device = mobile ? DeviceKind.Mobile : _random.Chance(0.15) ? DeviceKind.Tablet : DeviceKind.Desktop;
        _channel = mobile && _random.Chance(0.5) ? Channel.MobileApp : Channel.Web;
    }

    private Behaviour Behaviour => _visitor.Behaviour;

    public void Run()
    {
        if (_visitor.Sessions == 1)
        {
            Identify();
        }

        var views = _random.Count(Behaviour.Views);
        for (var view = 0; view < views; view++)
        {
            Look(Category());
        }

        if (_cart.Count > 1 && _random.Chance(0.12))
        {
            var removed = _cart[^1];
            _cart.RemoveAt(_cart.Count - 1);
            Emit(EventKind.ProductRemoved, products: [removed]);
        }

        if (_cart.Count > 0)
        {
            Emit(EventKind.CartViewed, products: [.. _cart]);
            if (_random.Chance(Behaviour.Order))
            {
                Order();
            }
        }
    }

    private int Category() => _visitor.Categories[_random.Weighted([0.6, 0.3, 0.1])];

    private void Identify()
    {
        var age = Math.Clamp(_random.Normal(41, 13), 18, 85);
        var country = Countries[_random.Weighted(CountryWeights)];
        var gender = _random.Chance(0.55) ? "female" : "male";
        var time = _timeMs;
        _emit(_visitor, time, id => new CustomerEvent
        {
            MessageId = id,
            Kind = EventKind.TraitsIdentified,
            TimestampMs = time,
            Channel = _channel,
            Device = _device,
            SessionId = _sessionId,
            Traits =
            [
                new Trait { Name = "age", Value = age.ToString("0", CultureInfo.InvariantCulture), Number = Math.Round(age) },
                new Trait { Name = "gender", Value = gender },
                new Trait { Name = "country", Value = country },
            ],
        });
    }

    private void Look(int category)
    {
        var name = _catalogue.CategoryName(category);
        if (_random.Chance(Behaviour.Search))
        {
            Emit(EventKind.ProductsSearched, query: name.ToLowerInvariant());
        }
        else
        {
            Emit(EventKind.ProductListViewed, products: [new ProductLine { Category = name }]);
        }

        var product = _catalogue.Choose(category, Behaviour.PriceLevel, _random);
        var line = new ProductLine
        {
            ProductId = product.Id, Name = product.Name, Category = product.Category, Brand = product.Brand, Price = product.Price, Quantity = 1,
        };
        Emit(EventKind.ProductViewed, products: [line]);
        if (_random.Chance(Behaviour.Wishlist))
        {
            Emit(EventKind.ProductAddedToWishlist, products: [line]);
        }

        if (_random.Chance(Behaviour.Add))
        {
            var added = new ProductLine
            {
                ProductId = product.Id, Name = product.Name, Category = product.Category, Brand = product.Brand, Price = product.Price,
                Quantity = _random.Count(Behaviour.Units),
            };
            _cart.Add(added);
            Emit(EventKind.ProductAdded, products: [added]);
        }
    }

    private void Order()
    {
        var products = _cart.ToArray();
        var subtotal = Math.Round(products.Sum(line => line.Price!.Value * line.Quantity!.Value), 2);
        Emit(EventKind.CheckoutStarted, products: products, amount: subtotal);
        string? coupon = null;
        var discount = 0.0;
        if (_random.Chance(Behaviour.Coupon))
        {
            coupon = $"SAVE{10 + (5 * _random.Next(5))}";
            if (_random.Chance(0.08))
            {
                Emit(EventKind.CouponDenied, coupon: coupon);
                coupon = null;
            }
            else
            {
                Emit(EventKind.CouponApplied, coupon: coupon);
                discount = Math.Round(subtotal * int.Parse(coupon.AsSpan(4), CultureInfo.InvariantCulture) / 100, 2);
            }
        }

        var shipping = subtotal > 60 ? 0 : 4.9;
        var total = Math.Round(subtotal - discount + shipping, 2);
        var orderId = $"{_visitor.Id}-o{++_visitor.Orders}";
        Emit(EventKind.OrderCompleted, products: products, amount: total, orderId: orderId, discount: discount, shipping: shipping, coupon: coupon);
        Follow(products, orderId, total);
    }

    /// <summary>The review and the return come days later, on their own.</summary>
    private void Follow(ProductLine[] products, string orderId, double total)
    {
        var orderedMs = _timeMs;
        if (_random.Chance(Behaviour.Review))
        {
            _timeMs = orderedMs + (long)(_random.Between(3, 12) * Visitor.DayMs);
            var stars = Math.Clamp(Math.Round(_random.Normal(Behaviour.Stars, 0.8)), 1, 5);
            var texts = stars >= 4 ? Praise : Complaint;
            Emit(EventKind.ProductReviewed, products: [products[0]], rating: stars, text: texts[_random.Next(texts.Length)], sessionless: true);
        }

        if (_random.Chance(Behaviour.Return))
        {
            _timeMs = orderedMs + (long)(_random.Between(4, 18) * Visitor.DayMs);
            var whole = products.Length == 1 || _random.Chance(0.6);
            var returned = whole ? products : [products[0]];
            var amount = whole ? total : Math.Min(total, products[0].Price!.Value * products[0].Quantity!.Value);
            Emit(EventKind.OrderRefunded, products: returned, amount: Math.Round(amount, 2), orderId: orderId, sessionless: true);
        }

        _timeMs = orderedMs;
    }

    private void Emit(
        EventKind kind, IReadOnlyList<ProductLine>? products = null, double? amount = null, string? orderId = null, double discount = 0,
        double? shipping = null, string? coupon = null, string? query = null, double? rating = null, string? text = null, bool sessionless = false)
    {
        _timeMs += (long)(1_000 * (2 + _random.Exponential(25)));
        var time = _timeMs;
        _emit(_visitor, time, id => new CustomerEvent
        {
            MessageId = id,
            Kind = kind,
            TimestampMs = time,
            Channel = sessionless ? Channel.Email : _channel,
            Device = sessionless ? DeviceKind.Unknown : _device,
            SessionId = sessionless ? null : _sessionId,
            Products = products ?? [],
            Amount = amount,
            OrderId = orderId,
            Discount = discount > 0 ? discount : null,
            Shipping = shipping,
            Coupon = coupon,
            Currency = amount is null ? null : "EUR",
            Query = query,
            Rating = rating,
            Text = text,
        });
    }
}
