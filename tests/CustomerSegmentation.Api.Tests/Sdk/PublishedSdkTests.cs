using CustomerSegmentation.Api.Tests.Fakes;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tests.Sdk;

/// <summary>SDKs as they are published, unmodified, against a real server.</summary>
public sealed class PublishedSdkTests
{
    [NodeFact]
    public async Task Segment_node_SDK_delivers_every_kind_of_call()
    {
        await using var server = await ApiServer.StartAsync();
        var before = TimeProvider.System.GetUtcNow();
        await NodeSdkRun.RunAsync("segment.mjs", server.Address, ApiServer.WriteKey);
        var events = server.Engine.Requests.ToLookup(request => request.CustomerId, request => request.Events).ToDictionary(
            group => group.Key, group => group.SelectMany(each => each).ToArray());
        Assert.Equal(
            [
                EventKind.TraitsIdentified, EventKind.OrderCompleted, EventKind.PageViewed, EventKind.ScreenViewed, EventKind.Grouped, EventKind.Aliased,
                EventKind.Custom,
            ],
            events["segment-user"].Select(each => each.Kind));
        Assert.Equal(EventKind.ProductViewed, Assert.Single(events["segment-visitor"]).Kind);
        var identified = events["segment-user"][0];
        Assert.Equal("segment-visitor", identified.OtherId);
        Assert.Equal(["email", "age", "address.country"], identified.Traits.Select(trait => trait.Name));
        var order = events["segment-user"][1];
        Assert.Equal(("o-1", 41.5, "EUR", Channel.Server), (order.OrderId, order.Amount, order.Currency, order.Channel));
        Assert.Equal(("p-1", 20d, 2d), (order.Products[0].ProductId, order.Products[0].Price, order.Products[0].Quantity));
        Assert.InRange(order.TimestampMs, before.AddSeconds(-61).ToUnixTimeMilliseconds(), order.ReceivedMs - 50_000);
        Assert.Equal("company-1", events["segment-user"][4].GroupId);
        Assert.Equal("old-id", events["segment-user"][5].OtherId);
        Assert.Equal(("Video Played", """{"title":"How to make tea"}"""), (events["segment-user"][6].Name, events["segment-user"][6].ExtraProperties));
        Assert.Empty(server.Engine.Rejections);
    }

    [NodeFact]
    public async Task RudderStack_node_SDK_delivers_every_kind_of_call()
    {
        await using var server = await ApiServer.StartAsync();
        await NodeSdkRun.RunAsync("rudderstack.mjs", server.Address, ApiServer.WriteKey);
        var user = server.Engine.Requests.Where(request => request.CustomerId == "rudder-user").SelectMany(request => request.Events).ToArray();
        Assert.Equal(
            [
                EventKind.TraitsIdentified, EventKind.OrderCompleted, EventKind.PageViewed, EventKind.ScreenViewed, EventKind.Grouped, EventKind.Aliased,
            ],
            user.Select(each => each.Kind));
        Assert.Equal(["email", "vip"], user[0].Traits.Select(trait => trait.Name));
        Assert.Equal(("o-2", 12.5, Channel.Server), (user[1].OrderId, user[1].Amount, user[1].Channel));
        Assert.Equal("rudder-visitor", user[5].OtherId);
        Assert.All(user, each => Assert.InRange(each.TimestampMs, each.ReceivedMs - 60_000, each.ReceivedMs + 60_000));
        var visitor = server.Engine.Requests.Where(request => request.CustomerId == "rudder-visitor").SelectMany(request => request.Events);
        Assert.Equal(EventKind.ProductViewed, Assert.Single(visitor).Kind);
        Assert.Empty(server.Engine.Rejections);
    }
}
