using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features.Counting;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Activity;

/// <summary>When the customer was first and last seen, and how often they did what.</summary>
internal struct ActivityCounts
{
    private const int Kinds = 24;

    public long Events;
    public long FirstSeenMs;
    public long LastSeenMs;
    private KindCounts _kinds;

    public static void DeclareTimes(ColumnList columns) => columns.Group("activity")
        .DaysSince("recencyDays", "Days since the last order; without an order, since the customer was first seen.", inSpace: true)
        .DaysSince("inactivityDays", "Days since the last event of any kind.")
        .DaysSince("tenureDays", "Days since the customer was first seen.", inSpace: true);

    public static void DeclareCounts(ColumnList columns) => columns.Group("activity")
        .Log("events", "events", "Everything the customer did: views, searches, carts, orders, refunds, reviews, custom events.")
        .Log("views", "views", "Views of products, lists, pages and screens.")
        .Log("searches", "searches", "Searches.")
        .Log("cartAdds", "events", "Products put into the cart.")
        .Log("cartRemovals", "events", "Products taken out of the cart.")
        .Log("checkouts", "events", "Checkouts begun.")
        .Log("wishlistAdds", "events", "Products put on the wish list.")
        .Log("customEvents", "events", "Events with a name of the shop's own.");

    public void See(EventKind kind, long timeMs)
    {
        if (Events++ == 0)
        {
            FirstSeenMs = LastSeenMs = timeMs;
        }
        else if (timeMs > LastSeenMs)
        {
            LastSeenMs = timeMs;
        }
        else if (timeMs < FirstSeenMs)
        {
            FirstSeenMs = timeMs;
        }

        if ((int)kind < Kinds)
        {
            _kinds[(int)kind]++;
        }
    }

    /// <param name="lastOrderMs">Latest order, null without one.</param>
    public readonly void MaterializeTimes(long asOfMs, long? lastOrderMs, ref FeatureWriter writer)
    {
        writer.Add(EventTime.Days(lastOrderMs ?? FirstSeenMs, asOfMs));
        writer.Add(EventTime.Days(LastSeenMs, asOfMs));
        writer.Add(EventTime.Days(FirstSeenMs, asOfMs));
    }

    public readonly void MaterializeCounts(ref FeatureWriter writer)
    {
        long events = 0, views = 0;
        for (var kind = 0; kind < Kinds; kind++)
        {
            events += EventKinds.IsBehaviour((EventKind)kind) ? _kinds[kind] : 0;
            views += EventKinds.IsView((EventKind)kind) ? _kinds[kind] : 0;
        }

        writer.Add(events);
        writer.Add(views);
        writer.Add(CountOf(EventKind.ProductsSearched));
        writer.Add(CountOf(EventKind.ProductAdded));
        writer.Add(CountOf(EventKind.ProductRemoved));
        writer.Add(CountOf(EventKind.CheckoutStarted));
        writer.Add(CountOf(EventKind.ProductAddedToWishlist));
        writer.Add(CountOf(EventKind.Custom));
    }

    public readonly uint CountOf(EventKind kind) => (int)kind < Kinds ? _kinds[(int)kind] : 0;

    public readonly ActivityRecord? ToRecord()
    {
        if (Events == 0)
        {
            return null;
        }

        var record = new ActivityRecord { Events = Events, FirstSeenMs = FirstSeenMs, LastSeenMs = LastSeenMs };
        record.Kinds.Add(PackedCounts.Trim(_kinds));
        return record;
    }

    public static ActivityCounts FromRecord(ActivityRecord? record)
    {
        var counts = default(ActivityCounts);
        if (record is not null)
        {
            counts.Events = record.Events;
            counts.FirstSeenMs = record.FirstSeenMs;
            counts.LastSeenMs = record.LastSeenMs;
            PackedCounts.Restore(record.Kinds, counts._kinds);
        }

        return counts;
    }

    [InlineArray(Kinds)]
    private struct KindCounts
    {
        private uint _first;
    }
}
