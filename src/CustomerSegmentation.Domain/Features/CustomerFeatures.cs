using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features.Activity;
using CustomerSegmentation.Domain.Features.Baskets;
using CustomerSegmentation.Domain.Features.Decay;
using CustomerSegmentation.Domain.Features.Demographics;
using CustomerSegmentation.Domain.Features.Feedback;
using CustomerSegmentation.Domain.Features.Interests;
using CustomerSegmentation.Domain.Features.Mix;
using CustomerSegmentation.Domain.Features.Purchases;
using CustomerSegmentation.Domain.Features.Rhythm;
using CustomerSegmentation.Domain.Features.Sessions;
using CustomerSegmentation.Domain.Features.Variety;
using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features;

/// <summary>
/// All features of one customer, updated in constant time by each event and never recomputed. Events count by their event time and may come in any order:
/// every part is commutative, sessions within their window and
/// names within their places. Not safe for two threads at once.
/// </summary>
public sealed class CustomerFeatures
{
    // Mutable structs, one block of memory: each part updates itself in place.
    private ActivityCounts _activity;
    private PurchaseHistory _purchases;
    private DecayedSums _decay;
    private BasketShape _baskets;
    private ProductVariety _variety;
    private CategoryInterests _interests;
    private CustomEvents _customEvents;
    private SessionHistory _sessions;
    private DailyRhythm _rhythm;
    private ChannelMix _mix;
    private Ratings _ratings;
    private PersonTraits _person;

    /// <summary>Events applied, of whatever kind.</summary>
    public long Events => _activity.Events;

    /// <summary>Earliest event time, milliseconds since 1970-01-01 UTC; 0 before the first event.</summary>
    public long FirstSeenMs => _activity.FirstSeenMs;

    /// <summary>Latest event time; 0 before the first event.</summary>
    public long LastSeenMs => _activity.LastSeenMs;

    /// <summary>Latest order time; 0 without an order.</summary>
    public long LastOrderMs => _purchases.LastOrderMs ?? 0;

    /// <summary>Orders less refunds, in the shop's currency.</summary>
    public double Monetary => _purchases.Monetary;

    /// <summary>Number of orders.</summary>
    public long Orders => _purchases.Orders;

    /// <summary>Memory of the parts beyond this object itself, in bytes.</summary>
    internal int EstimatedBytes =>
        _purchases.EstimatedBytes + _variety.EstimatedBytes + _interests.EstimatedBytes + _customEvents.EstimatedBytes + _sessions.EstimatedBytes;

    /// <summary>Takes one event, in any order of event times. Allocates nothing once the parts that the customer uses exist.</summary>
    public void Apply(CustomerEvent e)
    {
        if (e.Kind == EventKind.MergedInto)
        {
            return;
        }

        var timeMs = EventTime.Clamp(e.TimestampMs);
        _activity.See(e.Kind, timeMs);
        if (e.Traits.Count > 0)
        {
            _person.Apply(e.Traits, timeMs);
        }

        if (!EventKinds.IsBehaviour(e.Kind))
        {
            return;
        }

        _mix.Add(e.Channel, e.Device);
        if (EventKinds.IsVisit(e.Kind))
        {
            _sessions.Add(e.Kind, timeMs);
            _rhythm.Add(timeMs);
        }

        var weights = _decay.WeightsAt(timeMs);
        switch (e.Kind)
        {
            case EventKind.OrderCompleted:
                ApplyOrder(e, timeMs, weights);
                break;
            case EventKind.OrderRefunded or EventKind.OrderCancelled:
                _purchases.Refund(Money.Bound(e.Amount));
                _decay.Add(DecaySeries.Refunds, 1, weights);
                break;
            case EventKind.ProductReviewed:
                _ratings.Add(e);
                _decay.Add(DecaySeries.Engagements, 1, weights);
                break;
            case EventKind.Custom:
                _customEvents.Count(e.Name ?? "");
                _decay.Add(DecaySeries.Engagements, 1, weights);
                break;
            default:
                ApplyInterest(e.Kind, weights);
                break;
        }

        ApplyProducts(e);
    }

    /// <summary>Writes the vector as of a time at or after <see cref="LastSeenMs"/>; an earlier time counts as <see cref="LastSeenMs"/>.</summary>
    /// <param name="asOfMs">Reference time, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="vector"><see cref="FeatureSchema.Count"/> values, in the order of the schema. Before the first event all are 0.</param>
    /// <exception cref="ArgumentException">The vector has another length.</exception>
    public void Materialize(long asOfMs, Span<float> vector)
    {
        if (vector.Length != FeatureSchema.Current.Count)
        {
            throw new ArgumentException($"The vector has {vector.Length} places; the schema has {FeatureSchema.Current.Count} columns.", nameof(vector));
        }

        if (_activity.Events == 0)
        {
            vector.Clear();
            return;
        }

        asOfMs = Math.Max(EventTime.Clamp(asOfMs), _activity.LastSeenMs);
        var writer = new FeatureWriter(vector);
        _activity.MaterializeTimes(asOfMs, _purchases.LastOrderMs, ref writer);
        _purchases.Materialize(_activity.FirstSeenMs, _activity.CountOf(EventKind.CouponApplied), ref writer);
        _decay.Materialize(asOfMs, ref writer);
        _baskets.Materialize(ref writer);
        _variety.Materialize(_baskets.Lines, ref writer);
        _interests.Materialize(ref writer);
        _sessions.Materialize(ref writer);
        _activity.MaterializeCounts(ref writer);
        _rhythm.Materialize(ref writer);
        _mix.Materialize(ref writer);
        _ratings.Materialize(_activity.CountOf(EventKind.ProductReviewed), ref writer);
        _person.Materialize(ref writer);
    }

    /// <summary>Categories by interest, strongest first.</summary>
    public IReadOnlyList<CategoryInterest> TopCategories(int max) => _interests.Top(max);

    /// <summary>Custom events by name, most frequent first; eight names are kept.</summary>
    public IReadOnlyList<NamedCount> TopCustomEvents(int max) => _customEvents.Top(max);

    /// <summary>The columns in the order in which <see cref="Materialize"/> writes them.</summary>
    internal static IReadOnlyList<FeatureColumn> DeclareColumns()
    {
        var columns = new ColumnList();
        ActivityCounts.DeclareTimes(columns);
        PurchaseHistory.Declare(columns);
        DecayedSums.Declare(columns);
        BasketShape.Declare(columns);
        ProductVariety.Declare(columns);
        CategoryInterests.Declare(columns);
        SessionHistory.Declare(columns);
        ActivityCounts.DeclareCounts(columns);
        DailyRhythm.Declare(columns);
        ChannelMix.Declare(columns);
        Ratings.Declare(columns);
        PersonTraits.Declare(columns);
        return columns.Columns;
    }

    internal FeaturesRecord ToRecord() => new()
    {
        Activity = _activity.ToRecord(),
        Purchases = _purchases.ToRecord(),
        Decay = _decay.ToRecord(),
        Baskets = _baskets.ToRecord(),
        Variety = _variety.ToRecord(),
        Categories = _interests.ToRecord(),
        CustomEvents = _customEvents.ToRecord(),
        Sessions = _sessions.ToRecord(),
        Rhythm = _rhythm.ToRecord(),
        Mix = _mix.ToRecord(),
        Feedback = _ratings.ToRecord(),
        Demographics = _person.ToRecord(),
    };

    internal static CustomerFeatures FromRecord(FeaturesRecord? record) => record is null ? new CustomerFeatures() : new CustomerFeatures
    {
        _activity = ActivityCounts.FromRecord(record.Activity),
        _purchases = PurchaseHistory.FromRecord(record.Purchases),
        _decay = DecayedSums.FromRecord(record.Decay),
        _baskets = BasketShape.FromRecord(record.Baskets),
        _variety = ProductVariety.FromRecord(record.Variety),
        _interests = CategoryInterests.FromRecord(record.Categories),
        _customEvents = CustomEvents.FromRecord(record.CustomEvents),
        _sessions = SessionHistory.FromRecord(record.Sessions),
        _rhythm = DailyRhythm.FromRecord(record.Rhythm),
        _mix = ChannelMix.FromRecord(record.Mix),
        _ratings = Ratings.FromRecord(record.Feedback),
        _person = PersonTraits.FromRecord(record.Demographics),
    };

    private void ApplyOrder(CustomerEvent e, long timeMs, in DecayWeights weights)
    {
        var amount = Money.Bound(e.Amount);
        _purchases.Order(e, timeMs, amount);
        _baskets.Order(e.Products);
        _decay.Add(DecaySeries.Orders, 1, weights);
        _decay.Add(DecaySeries.Spend, amount, weights);
    }

    private void ApplyInterest(EventKind kind, in DecayWeights weights)
    {
        if (EventKinds.IsView(kind))
        {
            _decay.Add(DecaySeries.Views, 1, weights);
        }
        else if (EventKinds.IsCart(kind))
        {
            _decay.Add(DecaySeries.Carts, 1, weights);
        }
        else if (kind == EventKind.ProductsSearched)
        {
            _decay.Add(DecaySeries.Searches, 1, weights);
        }
        else if (kind == EventKind.ProductAddedToWishlist)
        {
            _decay.Add(DecaySeries.Wishlists, 1, weights);
        }
        else if (kind is EventKind.CouponApplied or EventKind.CouponDenied)
        {
            _decay.Add(DecaySeries.Engagements, 1, weights);
        }
    }

    private void ApplyProducts(CustomerEvent e)
    {
        var weight = CategoryInterests.WeightOf(e.Kind);
        if (weight == 0)
        {
            return;
        }

        var products = e.Products;
        for (var i = 0; i < products.Count; i++)
        {
            var product = products[i];
            if (e.Kind == EventKind.OrderCompleted)
            {
                _variety.Bought(product);
            }
            else if (e.Kind is EventKind.ProductViewed or EventKind.ProductAdded)
            {
                _baskets.Look(product);
            }

            if (!string.IsNullOrEmpty(product.Category))
            {
                var hash = StableHash.Of(product.Category);
                _variety.Touched(hash);
                _interests.Touch(product.Category, hash, weight);
            }
        }
    }
}
