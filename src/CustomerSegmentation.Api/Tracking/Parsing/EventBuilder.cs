using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>Turns a draft into an event, now that all of the request is known; or says in the draft why not.</summary>
internal static class EventBuilder
{
    /// <param name="outer">What encloses the event: context, channel, <c>sentAt</c>.</param>
    public static CustomerEvent? Build(EventDraft draft, EventDraft outer, ParseScratch scratch, long receivedMs)
    {
        if (draft.Length > scratch.Limits.EventBytesMax)
        {
            draft.Fail(RejectionCodes.EventTooLarge, $"The event is larger than {scratch.Limits.EventBytesMax} bytes.");
        }

        var timestampMs = 0L;
        if (draft.Failed || !CheckCall(draft) || !CheckIds(draft) || !TryTimestamp(draft, outer, scratch.Limits, receivedMs, out timestampMs))
        {
            return null;
        }

        var kind = KindOf(draft);
        if (draft.CommerceCode is { } code && kind is not (EventKind.Custom or >= EventKind.PageViewed))
        {
            draft.Fail(code, draft.CommerceMessage);
            return null;
        }

        if (kind == EventKind.TraitsIdentified)
        {
            AddContextTraits(draft, outer, scratch);
        }

        var isFlatProduct = IsFlatProduct(draft, kind);
        var products = draft.Products ?? (isFlatProduct ? [FlatProduct(draft)] : []);
        var amount = AmountOf(draft, kind, products);
        return draft.Failed ? null : new CustomerEvent
        {
            MessageId = draft.MessageId ??= MakeMessageId(draft, scratch, receivedMs),
            Kind = kind,
            TimestampMs = timestampMs,
            ReceivedMs = receivedMs,
            Name = NameOf(draft, kind),
            Channel = ChannelOf(draft, outer, kind),
            Device = draft.Device != DeviceKind.Unknown ? draft.Device : outer.Device,
            Products = products,
            OrderId = draft.OrderId,
            Amount = amount,
            Shipping = draft.Shipping,
            Tax = draft.Tax,
            Discount = draft.Discount,
            Currency = draft.Currency,
            Coupon = draft.Coupon,
            Query = draft.Query,
            Rating = draft.Rating,
            Text = draft.Text,
            Traits = kind == EventKind.TraitsIdentified && draft.Traits is { } traits ? traits : [],
            GroupId = draft.GroupId,
            OtherId = OtherIdOf(draft, kind),
            ExtraProperties = kind == EventKind.Grouped
                ? scratch.Slice(draft.GroupTraits)
                : scratch.Join(draft.RangesStart, draft.RangesCount, isFlatProduct),
            SessionId = draft.SessionId ?? outer.SessionId,
        };
    }

    private static bool CheckCall(EventDraft draft)
    {
        switch (draft.Call)
        {
            case TrackingCall.Unknown:
                draft.Fail(RejectionCodes.UnknownCall, "type is not one of track, identify, page, screen, group, alias.");
                break;
            case TrackingCall.Track when draft.TrackKind == EventKind.Custom && string.IsNullOrEmpty(draft.EventName):
                draft.Fail(RejectionCodes.MissingEventName, "A track call needs event.");
                break;
            case TrackingCall.Group when draft.GroupId is null:
                draft.Fail(RejectionCodes.MissingGroupId, "A group call needs groupId.");
                break;
            case TrackingCall.Alias when draft.PreviousId is null:
                draft.Fail(RejectionCodes.MissingPreviousId, "An alias call needs previousId.");
                break;
            case TrackingCall.Alias when draft.PreviousId == draft.CustomerId:
                draft.Fail(RejectionCodes.InvalidId, "previousId is the same as userId.");
                break;
        }

        return !draft.Failed;
    }

    private static bool CheckIds(EventDraft draft)
    {
        if (draft.CustomerId is null)
        {
            draft.Fail(RejectionCodes.NoId, "The event has neither userId nor anonymousId.");
        }

        return !draft.Failed;
    }

    /// <summary>
    /// <c>receivedAt - (sentAt - timestamp)</c>: what the sender's clock shows wrong is the same at both times. An event that has both
    /// <c>timestamp</c> and <c>originalTimestamp</c> was corrected by whoever passed it on.
    /// </summary>
    private static bool TryTimestamp(EventDraft draft, EventDraft outer, TrackLimits limits, long receivedMs, out long timestampMs)
    {
        var given = draft.TimestampMs ?? draft.OriginalTimestampMs;
        var isCorrected = draft.TimestampMs is not null && draft.OriginalTimestampMs is not null;
        timestampMs = given ?? receivedMs;
        if (given is { } original && !isCorrected && (draft.SentAtMs ?? outer.SentAtMs) is { } sentAt)
        {
            timestampMs = receivedMs - (sentAt - original);
        }

        var earliestMs = limits.OldestMs > 0 ? Math.Max(limits.EarliestMs, receivedMs - limits.OldestMs) : limits.EarliestMs;
        if (timestampMs < earliestMs || timestampMs > receivedMs + limits.LatestAheadMs)
        {
            draft.Fail(
                RejectionCodes.TimestampOutOfRange,
                $"The time of the event is before {DateTimeOffset.FromUnixTimeMilliseconds(earliestMs):yyyy-MM-dd} or too far ahead.");
            return false;
        }

        return true;
    }

    private static EventKind KindOf(EventDraft draft) => draft.Call switch
    {
        TrackingCall.Identify => EventKind.TraitsIdentified,
        TrackingCall.Page => EventKind.PageViewed,
        TrackingCall.Screen => EventKind.ScreenViewed,
        TrackingCall.Group => EventKind.Grouped,
        TrackingCall.Alias => EventKind.Aliased,
        _ => draft.TrackKind,
    };

    private static string? NameOf(EventDraft draft, EventKind kind) => kind switch
    {
        EventKind.Custom => draft.EventName,
        EventKind.PageViewed or EventKind.ScreenViewed => string.IsNullOrEmpty(draft.PageName) ? draft.ProductName : draft.PageName,
        _ => null,
    };

    private static Channel ChannelOf(EventDraft draft, EventDraft outer, EventKind kind)
    {
        if (draft.Channel != Channel.Unknown)
        {
            return draft.Channel;
        }

        if (draft.ContextChannel != Channel.Unknown)
        {
            return draft.ContextChannel;
        }

        if (outer.Channel != Channel.Unknown)
        {
            return outer.Channel;
        }

        return outer.ContextChannel != Channel.Unknown ? outer.ContextChannel
            : kind == EventKind.PageViewed ? Channel.Web
            : kind == EventKind.ScreenViewed ? Channel.MobileApp
            : Channel.Unknown;
    }

    private static string? OtherIdOf(EventDraft draft, EventKind kind)
    {
        if (kind == EventKind.Aliased)
        {
            return draft.PreviousId;
        }

        return draft.UserId is not null && draft.AnonymousId is { } anonymous && anonymous != draft.UserId ? anonymous : null;
    }

    private static bool IsFlatProduct(EventDraft draft, EventKind kind) =>
        draft.Products is null
        && ((draft.ProductId ?? draft.Sku) is not null
            || (kind is EventKind.ProductListViewed or EventKind.ProductViewed or EventKind.ProductAdded or EventKind.ProductRemoved
                    or EventKind.ProductAddedToWishlist or EventKind.ProductReviewed
                && (draft.ProductName ?? draft.Category) is not null));

    private static ProductLine FlatProduct(EventDraft draft) => new()
    {
        ProductId = draft.ProductId ?? draft.Sku,
        Name = draft.ProductName,
        Category = draft.Category,
        Brand = draft.Brand,
        Price = draft.Price,
        Quantity = draft.Quantity,
    };

    private static double? AmountOf(EventDraft draft, EventKind kind, IReadOnlyList<ProductLine> products)
    {
        if ((draft.Total ?? draft.Revenue ?? draft.Value) is { } given)
        {
            return given;
        }

        if (kind is not (EventKind.OrderCompleted or EventKind.OrderRefunded or EventKind.OrderCancelled or EventKind.CheckoutStarted
            or EventKind.CartViewed or EventKind.ProductAdded or EventKind.ProductRemoved))
        {
            return null;
        }

        double? sum = null;
        foreach (var line in products)
        {
            if (line.Price is { } price)
            {
                sum = (sum ?? 0) + (price * (line.Quantity ?? 1));
            }
        }

        if (sum > JsonValues.NumberMax)
        {
            draft.Fail(RejectionCodes.NumberOutOfRange, $"The products come to more than {JsonValues.NumberMax:R}.");
        }

        return sum;
    }

    /// <summary>Some SDKs send the traits of an identify call in its context.</summary>
    private static void AddContextTraits(EventDraft draft, EventDraft outer, ParseScratch scratch)
    {
        var (start, length) = draft.ContextTraits.Length > 0 ? draft.ContextTraits : outer.ContextTraits;
        if (length == 0)
        {
            return;
        }

        scratch.Base = start;
        var reader = new Utf8JsonReader(scratch.BodySpan.Slice(start, length), TrackParser.ReaderOptions);
        reader.Read();
        TraitsReader.Read(ref reader, scratch, draft);
    }

    /// <summary>
    /// For senders without message ids: the same bytes received at the same millisecond at the same place of a batch get the same id. Such events
    /// count again when they are sent again.
    /// </summary>
    private static string MakeMessageId(EventDraft draft, ParseScratch scratch, long receivedMs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, receivedMs);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], draft.Index);
        hash.AppendData(numbers);
        hash.AppendData(scratch.BodySpan.Slice(draft.Start, draft.Length));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return "srv-" + Convert.ToHexStringLower(digest[..16]);
    }
}
