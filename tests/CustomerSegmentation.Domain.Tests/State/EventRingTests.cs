using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.State;

public sealed class EventRingTests
{
    [Fact]
    public void Add_in_any_order_keeps_the_latest_by_time() => Seeds.All(seed =>
    {
        var random = new Random(seed);
        var times = Enumerable.Range(0, random.Next(1, 100)).ToArray();
        random.Shuffle(times);
        var ring = new EventRing();
        foreach (var time in times)
        {
            ring.Add(new EncoderToken { TimeMs = time });
        }

        Assert.Equal(times.Order().TakeLast(EventRing.Capacity).Select(t => (long)t), ring.Tokens.ToArray().Select(t => t.TimeMs));
        Assert.Equal(times.Length, ring.Total);
    });

    [Fact]
    public void Late_count_grows_with_each_token_before_the_end()
    {
        var ring = new EventRing();
        foreach (var time in new[] { 10, 20, 20, 15, 30, 5 })
        {
            ring.Add(new EncoderToken { TimeMs = time });
        }

        Assert.Equal(2, ring.LateCount);
        Assert.Equal(6, ring.Total);
    }

    [Fact]
    public void Tokens_of_an_event_hold_what_the_encoder_reads()
    {
        var e = new RandomCustomer(1).At(RandomCustomer.Epoch, Contracts.Events.EventKind.OrderCompleted);
        var token = EncoderToken.Of(e);
        Assert.Equal(e.TimestampMs, token.TimeMs);
        Assert.Equal(e.Kind, token.Kind);
        Assert.Equal(Math.Log(1 + e.Amount!.Value), token.LogAmount, 0.01);
        Assert.NotEqual(0u, token.ProductHash);
        Assert.Equal(e.Products.Sum(p => p.Quantity ?? 1), token.Quantity);
    }
}
