using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Domain.Events.Schema;
using CustomerSegmentation.Domain.Tests.Shop;
using Google.Protobuf;

namespace CustomerSegmentation.Domain.Tests.Events;

public sealed class EventCodecTests
{
    [Fact]
    public void Encode_then_decode_any_events_gives_the_same_events() => Seeds.All(seed =>
    {
        var events = new RandomCustomer(seed).Visits(3);
        events.Add(Full());
        var decoded = EventCodec.Decode(EventCodec.Encode(events, 0, events.Count));
        Assert.Equivalent(events, decoded, strict: true);
    }, tests: 50);

    [Fact]
    public void Encode_any_events_agrees_with_the_generated_classes_byte_for_byte() => Seeds.All(seed =>
    {
        var events = new RandomCustomer(seed).Visits(2);
        events.Add(Full());
        var bytes = EventCodec.Encode(events, 0, events.Count);
        var batch = EventBatch.Parser.ParseFrom(bytes);
        Assert.Equal(bytes, batch.ToByteArray());
        Assert.Equal(events.Select(e => e.MessageId), batch.Events.Select(e => e.MessageId));
        Assert.Equal(events.Select(e => e.TimestampMs), batch.Events.Select(e => e.TimestampMs));
    }, tests: 50);

    [Fact]
    public void Encode_a_range_gives_only_that_range()
    {
        var events = new RandomCustomer(1).Visits(4);
        var decoded = EventCodec.Decode(EventCodec.Encode(events, 1, 2));
        Assert.Equal([events[1].MessageId, events[2].MessageId], decoded.Select(e => e.MessageId));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    public void Encode_a_range_outside_the_list_is_refused(int start, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EventCodec.Encode([Full()], start, count));

    [Fact]
    public void Decode_fields_of_a_later_version_skips_them()
    {
        var later = new UnknownFieldMessage();
        var record = new EventRecord { MessageId = "m", Kind = 2, TimestampMs = 5 };
        var bytes = new EventBatch { Schema = 1, Events = { record } }.ToByteArray();
        var withMore = later.AppendTo(bytes);
        Assert.Equal("m", Assert.Single(EventCodec.Decode(withMore)).MessageId);
    }

    [Fact]
    public void Decode_a_later_schema_is_refused() =>
        Assert.Throws<FormatException>(() => EventCodec.Decode(new EventBatch { Schema = 2 }.ToByteArray()));

    [Fact]
    public void Decode_cut_bytes_throws_or_ends_at_an_event()
    {
        var events = new RandomCustomer(7).Visits(2);
        var bytes = EventCodec.Encode(events, 0, events.Count);
        for (var length = 0; length < bytes.Length; length++)
        {
            try
            {
                Assert.True(EventCodec.Decode(bytes.AsSpan(0, length)).Count < events.Count);
            }
            catch (FormatException)
            {
                // The cut went through an event.
            }
        }
    }

    [Fact]
    public void Decode_random_bytes_throws_nothing_but_format_exceptions() => Seeds.All(seed =>
    {
        var bytes = new byte[seed % 200];
        new Random(seed).NextBytes(bytes);
        try
        {
            EventCodec.Decode(bytes);
        }
        catch (FormatException)
        {
            // What is no record is refused with this type only.
        }
    });

    [Fact]
    public void Encode_extreme_times_and_long_text_gives_them_back()
    {
        var e = new CustomerEvent
        {
            MessageId = "",
            Kind = EventKind.Custom,
            TimestampMs = long.MinValue,
            ReceivedMs = long.MaxValue,
            Text = new string('é', 10_000),
            ExtraProperties = new string('x', 40_000),
        };
        Assert.Equivalent(e, Assert.Single(EventCodec.Decode(EventCodec.Encode([e], 0, 1))), strict: true);
    }

    [Fact]
    public void Encode_a_text_embedding_gives_it_back_and_agrees_with_the_generated_classes()
    {
        var e = Full() with { TextEmbedding = TextSamples.Embedding("text 1", 0.5f, -2) };
        var bytes = EventCodec.Encode([e, Full()], 0, 2);
        Assert.Equal(bytes, EventBatch.Parser.ParseFrom(bytes).ToByteArray());
        var decoded = EventCodec.Decode(bytes);
        Assert.Equal("text 1", decoded[0].TextEmbedding!.Model);
        Assert.Equal(e.TextEmbedding.Numbers.ToArray(), decoded[0].TextEmbedding!.Numbers.ToArray());
        Assert.Null(decoded[1].TextEmbedding);
    }

    private static CustomerEvent Full() => new()
    {
        MessageId = "full",
        Kind = EventKind.OrderCompleted,
        TimestampMs = 1_700_000_000_123,
        ReceivedMs = 1_700_000_000_999,
        Name = "",
        Channel = Channel.Store,
        Device = DeviceKind.Other,
        Products =
        [
            new ProductLine { ProductId = "p", Name = "n", Category = "c", Brand = "b", Price = 0, Quantity = 2.5 },
            new ProductLine(),
        ],
        OrderId = "o",
        Amount = 0,
        Shipping = 1,
        Tax = 2,
        Discount = 3,
        Currency = "USD",
        Coupon = "k",
        Query = "q",
        Rating = 4.5,
        Text = "t\0u",
        Traits = [new Trait { Name = "a", Value = "1", Number = 1 }, new Trait { Name = "gone" }],
        GroupId = "g",
        OtherId = "other",
        ExtraProperties = "{}",
        SessionId = "s",
    };

    /// <summary>Fields 99 of every wire type, as a later version might add.</summary>
    private sealed class UnknownFieldMessage
    {
        public byte[] AppendTo(byte[] bytes)
        {
            using var stream = new MemoryStream();
            var output = new CodedOutputStream(stream);
            output.WriteTag(99, WireFormat.WireType.Varint);
            output.WriteUInt64(ulong.MaxValue);
            output.WriteTag(99, WireFormat.WireType.Fixed64);
            output.WriteFixed64(1);
            output.WriteTag(99, WireFormat.WireType.Fixed32);
            output.WriteFixed32(1);
            output.WriteTag(99, WireFormat.WireType.LengthDelimited);
            output.WriteString("later");
            output.Flush();
            return [.. bytes, .. stream.ToArray()];
        }
    }
}
