using CustomerSegmentation.Api.Tracking;
using CustomerSegmentation.Contracts.Events;
using static CustomerSegmentation.Api.Tests.Tracking.ParserHarness;

namespace CustomerSegmentation.Api.Tests.Tracking;

public sealed class EventParsingTests
{
    [Fact]
    public void Order_with_all_fields_becomes_an_event_with_all_fields()
    {
        var order = One(
            """
            {"type":"track","userId":"u1","anonymousId":"a1","event":"Order Completed","messageId":"m1","timestamp":"2026-02-28T10:00:00.500Z",
             "context":{"library":{"name":"analytics.js","version":"5"},"userAgent":"Mozilla/5.0 (iPhone; CPU) Mobile/15","sessionId":77},
             "properties":{"order_id":"o1","total":42.5,"revenue":40,"shipping":2,"tax":"0.5","discount":1,"currency":"EUR","coupon":"HI",
              "affiliation":"Web","products":[{"product_id":"p1","sku":"s","name":"Mug","category":"Home","brand":"B","price":20,"quantity":2},
              {"sku":"s2","price":"2.5"}],"nested":{"a":[1,2]}}}
            """);
        Assert.Equal(EventKind.OrderCompleted, order.Kind);
        Assert.Null(order.Name);
        Assert.Equal("m1", order.MessageId);
        Assert.Equal("a1", order.OtherId);
        Assert.Equal(DateTimeOffset.Parse("2026-02-28T10:00:00.500Z").ToUnixTimeMilliseconds(), order.TimestampMs);
        Assert.Equal(Received.ToUnixTimeMilliseconds(), order.ReceivedMs);
        Assert.Equal((42.5, 2d, 0.5, 1d), (order.Amount, order.Shipping, order.Tax, order.Discount));
        Assert.Equal(("o1", "EUR", "HI"), (order.OrderId, order.Currency, order.Coupon));
        Assert.Equal((Channel.Web, DeviceKind.Mobile, "77"), (order.Channel, order.Device, order.SessionId));
        Assert.Equal(("p1", "Mug", "Home", "B", 20d, 2d), Line(order.Products[0]));
        Assert.Equal(("s2", null, null, null, 2.5, null), Line(order.Products[1]));
        Assert.Equal("""{"affiliation":"Web","nested":{"a":[1,2]}}""", order.ExtraProperties);
    }

    [Theory]
    [InlineData("Product Reviewed", "review_body")]
    [InlineData("Product Reviewed", "reviewBody")]
    [InlineData("Live Chat Message Sent", "message_body")]
    [InlineData("Live Chat Message Sent", "messageBody")]
    public void What_the_customer_wrote_becomes_the_events_text(string name, string property)
    {
        var parsed = One($$$"""{"userId":"u","messageId":"m","event":"{{{name}}}","properties":{"{{{property}}}":"where is it?"}}""");
        Assert.Equal(("where is it?", null, null), (parsed.Text, parsed.ExtraProperties, parsed.TextEmbedding));
    }

    [Fact]
    public void Sender_cannot_bring_an_embedding()
    {
        var parsed = One("""{"userId":"u","messageId":"m","event":"Product Reviewed","properties":{"textEmbedding":{"model":"a 1","numbers":"AAA="}}}""");
        Assert.Null(parsed.TextEmbedding);
    }

    [Theory]
    [InlineData("Order Completed", EventKind.OrderCompleted)]
    [InlineData("order completed", EventKind.OrderCompleted)]
    [InlineData("order_completed", EventKind.OrderCompleted)]
    [InlineData("OrderCompleted", EventKind.OrderCompleted)]
    [InlineData("Product List Viewed", EventKind.ProductListViewed)]
    [InlineData("Product Viewed", EventKind.ProductViewed)]
    [InlineData("Products Searched", EventKind.ProductsSearched)]
    [InlineData("Product Added", EventKind.ProductAdded)]
    [InlineData("Product Removed", EventKind.ProductRemoved)]
    [InlineData("Product Added to Wishlist", EventKind.ProductAddedToWishlist)]
    [InlineData("Cart Viewed", EventKind.CartViewed)]
    [InlineData("Checkout Started", EventKind.CheckoutStarted)]
    [InlineData("Order Refunded", EventKind.OrderRefunded)]
    [InlineData("Order Cancelled", EventKind.OrderCancelled)]
    [InlineData("Order Canceled", EventKind.OrderCancelled)]
    [InlineData("Product Reviewed", EventKind.ProductReviewed)]
    [InlineData("Coupon Applied", EventKind.CouponApplied)]
    [InlineData("Coupon Denied", EventKind.CouponDenied)]
    [InlineData("Video Played", EventKind.Custom)]
    public void Event_name_tells_the_kind(string name, EventKind kind)
    {
        var parsed = One($$"""{"userId":"u","messageId":"m","event":"{{name}}"}""");
        Assert.Equal(kind, parsed.Kind);
        Assert.Equal(kind == EventKind.Custom ? name : null, parsed.Name);
    }

    [Theory]
    [InlineData("""{"total":5,"revenue":4}""", 5d)]
    [InlineData("""{"revenue":4,"products":[{"price":9}]}""", 4d)]
    [InlineData("""{"products":[{"price":2,"quantity":3},{"price":1.5},{"name":"free"}]}""", 7.5)]
    [InlineData("""{"products":[{"name":"a"}]}""", null)]
    [InlineData("{}", null)]
    public void Amount_is_the_total_or_the_revenue_or_the_sum_of_lines(string properties, double? amount) =>
        Assert.Equal(amount, One(Order(properties)).Amount);

    [Fact]
    public void Flat_product_of_a_view_becomes_its_product()
    {
        var viewed = One("""{"userId":"u","event":"Product Viewed","properties":{"product_id":507,"name":"Mug","category":"Home","price":19,"url":"/m"}}""");
        Assert.Equal(("507", "Mug", "Home", null, 19d, null), Line(Assert.Single(viewed.Products)));
        Assert.Equal("""{"url":"/m"}""", viewed.ExtraProperties);
    }

    [Fact]
    public void Name_and_category_of_a_custom_event_stay_extra_properties()
    {
        var custom = One(Custom("""{"name":{"first":"A"},"category":"x","price":"free","rating":87,"total":3}"""));
        Assert.Empty(custom.Products);
        Assert.Equal("""{"name":{"first":"A"},"category":"x","price":"free","rating":87}""", custom.ExtraProperties);
        Assert.Equal(3, custom.Amount);
    }

    [Fact]
    public void Clock_of_the_sender_is_corrected_by_sentAt()
    {
        var late = One("""{"userId":"u","event":"E","timestamp":"2019-01-01T00:00:00Z","sentAt":"2019-01-01T00:00:10Z"}""");
        Assert.Equal(Received.AddSeconds(-10).ToUnixTimeMilliseconds(), late.TimestampMs);
        var original = One("""{"userId":"u","event":"E","originalTimestamp":"2019-01-01T00:00:00Z","sentAt":"2019-01-01T00:00:10Z"}""");
        Assert.Equal(Received.AddSeconds(-10).ToUnixTimeMilliseconds(), original.TimestampMs);
        var both = One("""{"userId":"u","event":"E","timestamp":"2025-01-01T00:00:00Z","originalTimestamp":"2019-01-01T00:00:00Z","sentAt":"2019-01-01T00:00:10Z"}""");
        Assert.Equal(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), both.TimestampMs);
        Assert.Equal(Received.ToUnixTimeMilliseconds(), One("""{"userId":"u","event":"E"}""").TimestampMs);
    }

    [Fact]
    public void Identify_traits_are_flattened_and_typed()
    {
        var identified = One(
            """{"userId":"u","messageId":"m","traits":{"email":"a@b.c","age":34,"vip":true,"gone":null,"address":{"country":"DE","geo":{"lat":1.5}},"tags":["a","b"]}}""",
            TrackingCall.Identify);
        Assert.Equal(EventKind.TraitsIdentified, identified.Kind);
        (string, string?, double?)[] expected =
        [
            ("email", "a@b.c", null), ("age", "34", 34d), ("vip", "true", 1d), ("gone", null, null), ("address.country", "DE", null),
            ("address.geo.lat", "1.5", 1.5), ("tags", """["a","b"]""", null),
        ];
        Assert.Equal(expected, identified.Traits.Select(trait => (trait.Name, trait.Value, trait.Number)));
    }

    [Fact]
    public void Identify_traits_in_the_context_count_behind_the_event_s_own()
    {
        var identified = One("""{"userId":"u","traits":{"a":1},"context":{"traits":{"a":2,"b":3}}}""", TrackingCall.Identify);
        Assert.Equal([("a", 1d), ("b", 3d)], identified.Traits.Select(trait => (trait.Name, trait.Number!.Value)));
    }

    [Fact]
    public void Traits_beyond_the_bounds_are_left_out_with_a_warning()
    {
        var traits = string.Join(',', Enumerable.Range(0, 70).Select(i => $"\"t{i}\":\"{(i == 0 ? new string('x', 600) : "v")}\""));
        var parsed = Parse("{\"userId\":\"u\",\"traits\":{" + traits + "}}", TrackingCall.Identify);
        var identified = Assert.Single(Assert.Single(parsed.Requests).Events);
        Assert.Equal(64, identified.Traits.Count);
        Assert.Equal(500, identified.Traits[0].Value!.Length);
        Assert.Equal(["text_cut", "too_many_traits"], parsed.Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void Group_alias_page_and_screen_carry_their_own_fields()
    {
        var group = One("""{"userId":"u","groupId":"g","traits":{"plan":"pro"}}""", TrackingCall.Group);
        Assert.Equal((EventKind.Grouped, "g", """{"plan":"pro"}"""), (group.Kind, group.GroupId, group.ExtraProperties));
        Assert.Empty(group.Traits);
        var alias = One("""{"userId":"u","previousId":"old"}""", TrackingCall.Alias);
        Assert.Equal((EventKind.Aliased, "old"), (alias.Kind, alias.OtherId));
        var page = One("""{"anonymousId":"a","name":"Home","properties":{"path":"/"}}""", TrackingCall.Page);
        Assert.Equal((EventKind.PageViewed, "Home", Channel.Web), (page.Kind, page.Name, page.Channel));
        var screen = One("""{"anonymousId":"a","properties":{"name":"Cart"}}""", TrackingCall.Screen);
        Assert.Equal((EventKind.ScreenViewed, "Cart", Channel.MobileApp), (screen.Kind, screen.Name, screen.Channel));
    }

    [Fact]
    public void Missing_message_id_is_made_from_content_time_and_place()
    {
        const string body = """{"batch":[{"type":"page","userId":"u"},{"type":"page","userId":"u"}]}""";
        var first = Parse(body, TrackingCall.Batch).Requests[0].Events.Select(each => each.MessageId).ToArray();
        var again = Parse(body, TrackingCall.Batch).Requests[0].Events.Select(each => each.MessageId).ToArray();
        Assert.Equal(first, again);
        Assert.NotEqual(first[0], first[1]);
    }

    [Theory]
    [InlineData("""{"userId":12345678901234567890,"event":"E"}""", "12345678901234567890")]
    [InlineData("""{"userId":"","anonymousId":"a","event":"E"}""", "a")]
    [InlineData("""{"userId":"\ud83d\ude00/x","event":"E"}""", "😀/x")]
    [InlineData("""{"\u0075serId":"escaped","event":"E"}""", "escaped")]
    public void Ids_are_taken_as_text(string json, string id) =>
        Assert.Equal(id, Assert.Single(Parse(json, TrackingCall.Track).Requests).CustomerId);

    private static (string?, string?, string?, string?, double?, double?) Line(ProductLine line) =>
        (line.ProductId, line.Name, line.Category, line.Brand, line.Price, line.Quantity);
}
