using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine.Orleans.Wire;
using MessagePack;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace CustomerSegmentation.Engine.Orleans.Tests.Wire;

/// <summary>
/// While a cluster is rolled, silos and clients of two versions speak with each other: contracts grow at their ends alone, and what an earlier version wrote is read. The
/// files are never written anew; a contract that grows gets a line of its own beside the old one.
/// </summary>
public sealed class WireTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(1_760_000_000_123);

    private static readonly Serializer Serializer =
        new ServiceCollection().AddSerializer(s => s.AddSegmentationContracts()).BuildServiceProvider().GetRequiredService<Serializer>();

    public static TheoryData<string> Names => [.. Samples.Keys];

    /// <summary>One message of each kind, with everything set that it can hold.</summary>
    private static Dictionary<string, object> Samples => new()
    {
        ["track-request"] = new TrackRequest { CustomerId = "ada", Events = [Event()] },
        ["track-receipt"] = new TrackReceipt { Outcome = TrackOutcome.Overloaded, Accepted = 2, Duplicates = 1, Sequence = 9_000_000_000, Reason = "full" },
        ["customer-view"] = View(),
        ["segmentation-request"] = new SegmentationRequest { SegmentCount = 5, MinSegments = 3, MaxSegments = 9, Activate = false, Seed = 7, RequestedBy = "test" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_that_an_earlier_version_wrote_is_read(string name)
    {
        var written = Convert.FromBase64String(File.ReadAllText(Golden(name)).ReplaceLineEndings(""));

        Assert.Equivalent(Samples[name], Serializer.Deserialize<object>(written), strict: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_of_today_is_what_was_written_before(string name) =>
        Assert.Equal(File.ReadAllText(Golden(name)).ReplaceLineEndings(""), Convert.ToBase64String(Serializer.SerializeToArray(Samples[name])));

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_of_a_later_version_is_read_without_what_is_unknown(string name)
    {
        var sample = Samples[name];
        var today = MessagePackSerializer.Serialize(sample.GetType(), sample);
        var fields = ReadFields(today);

        var later = MessagePackSerializer.Deserialize(sample.GetType(), WriteFields([.. fields, MessagePackSerializer.Serialize("what comes next")]));

        Assert.Equivalent(sample, later, strict: true);
    }

    [Fact]
    public void Message_of_an_earlier_version_has_defaults_where_it_says_nothing()
    {
        var written = MessagePackSerializer.Serialize(Event());
        var earlier = MessagePackSerializer.Deserialize<CustomerEvent>(WriteFields(ReadFields(written)[..17]));
        Assert.Equal((Event().MessageId, Event().Rating, null, null), (earlier.MessageId, earlier.Rating, earlier.Text, earlier.TextEmbedding));
        Assert.Empty(earlier.Traits);

        var view = MessagePackSerializer.Deserialize<CustomerView>(WriteFields(ReadFields(MessagePackSerializer.Serialize(View()))[..11]));
        Assert.Equal((View().AsOf, 0, null), (view.AsOf, view.JoinedIds.Count, view.Text));
    }

    private static CustomerEvent Event() => new()
    {
        MessageId = "m1", Kind = EventKind.OrderCompleted, TimestampMs = 1_760_000_000_000, ReceivedMs = 1_760_000_000_500, Name = "Order Completed",
        Channel = Channel.Server, Device = DeviceKind.Tablet,
        Products = [new ProductLine { ProductId = "p1", Name = "Mug", Category = "mugs", Brand = "b", Price = 9.5, Quantity = 2 }],
        OrderId = "o1", Amount = 19, Shipping = 3, Tax = 1.5, Discount = 0.25, Currency = "EUR", Coupon = "TEN", Query = "mug", Rating = 4.5, Text = "schön",
        Traits = [new Trait { Name = "country", Value = "France" }, new Trait { Name = "age", Number = 41 }], GroupId = "g", OtherId = "anon",
        ExtraProperties = """{"a":1}""", SessionId = "s",
    };

    private static CustomerView View() => new()
    {
        Id = "ada",
        Segment = new SegmentMembership { Key = "champions", Name = "Champions", Probability = 0.75, Since = Time, Version = 3 },
        Features = new Dictionary<string, double> { ["monetary"] = 12.5 },
        Traits = new Dictionary<string, string> { ["country"] = "France" },
        TopCategories = [],
        Audiences = ["vip"],
        Encoder = new EncoderView
        {
            Model = "default 1", Behind = true,
            Probabilities = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["value"] = new Dictionary<string, double> { ["none"] = 0.5 } },
        },
        Sequence = 42, FirstSeen = Time.AddDays(-2), LastSeen = Time.AddHours(-1), AsOf = Time, JoinedIds = ["anon"],
        Text = new TextView { Model = "text 1", Texts = 2, Mean = [0.5f, -1] },
    };

    /// <summary>The fields of a contract, one after the other.</summary>
    private static byte[][] ReadFields(byte[] contract)
    {
        var reader = new MessagePackReader(contract);
        var fields = new byte[reader.ReadArrayHeader()][];
        for (var i = 0; i < fields.Length; i++)
        {
            var start = (int)reader.Consumed;
            reader.Skip();
            fields[i] = contract[start..(int)reader.Consumed];
        }
        return fields;
    }

    private static byte[] WriteFields(byte[][] fields)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(fields.Length);
        foreach (var field in fields)
        {
            writer.WriteRaw(field);
        }
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Written when there is none: for a contract that is new.</summary>
    private static string Golden(string name, [CallerFilePath] string source = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(source)!, $"{name}-1.txt");
        if (!File.Exists(path))
        {
            File.WriteAllText(path, Convert.ToBase64String(Serializer.SerializeToArray(Samples[name]), Base64FormattingOptions.InsertLineBreaks) + "\n");
            Assert.Fail($"{path} is new: look at it, and commit it");
        }
        return path;
    }
}
