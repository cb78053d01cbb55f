using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Tests.State;

/// <summary>The training toolkit builds tokens itself; the same golden files are checked there.</summary>
public sealed class TrainingGoldenTests
{
    [Fact]
    public void Hashes_are_those_that_training_computes()
    {
        var hashes = Golden("hashes.json").EnumerateArray().ToList();
        Assert.NotEmpty(hashes);
        Assert.All(hashes, entry =>
        {
            var text = entry.GetProperty("text").GetString()!;
            Assert.Equal(entry.GetProperty("hash64").GetString(), StableHash.Of(text).ToString("x16", CultureInfo.InvariantCulture));
            Assert.Equal(entry.GetProperty("hash32").GetUInt32(), StableHash.Of32(text));
        });
    }

    [Fact]
    public void Tokens_are_those_that_training_computes()
    {
        var golden = Golden("tokens.json");
        var tokens = golden.GetProperty("events").EnumerateArray().Select(Event)
            .Where(e => EventKinds.IsBehaviour(e.Kind))
            .OrderBy(e => e.TimestampMs)
            .Select(EncoderToken.Of)
            .ToList();
        var rows = golden.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(rows.Count, tokens.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var expected = rows[i].EnumerateArray().Select(v => v.GetDouble()).ToArray();
            var actual = Row(tokens[i], i == 0 ? null : tokens[i - 1]);
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public void Feature_columns_and_their_hash_are_those_that_training_knows()
    {
        var golden = Golden("feature-schema.json");
        Assert.Equal(FeatureSchema.Current.Hash, golden.GetProperty("hash").GetString());
        Assert.Equal(FeatureSchema.Current.Columns.Select(c => c.Name), golden.GetProperty("columns").EnumerateArray().Select(c => c.GetString()));
    }

    private static double[] Row(EncoderToken token, EncoderToken? before) =>
    [
        (int)token.Kind,
        before is { } b ? Math.Log(1 + ((token.TimeMs - b.TimeMs) / 1000.0)) : 0,
        EventTime.Hour(token.TimeMs),
        EventTime.Weekday(token.TimeMs),
        token.LogAmount,
        Math.Log(1 + token.Quantity),
        token.CategoryHash == 0 ? 0 : 1 + (token.CategoryHash % 255),
        token.ProductHash == 0 ? 0 : 1 + (token.ProductHash % 1023),
        (int)token.Channel,
        (int)token.Device,
        token.Discounted ? 1 : 0,
    ];

    private static CustomerEvent Event(JsonElement e) => new()
    {
        MessageId = e.GetProperty("sequence").GetInt32().ToString(CultureInfo.InvariantCulture),
        Kind = Enum.Parse<EventKind>(e.GetProperty("kind").GetString()!),
        TimestampMs = e.GetProperty("timeMs").GetInt64(),
        Channel = Enum.Parse<Channel>(e.GetProperty("channel").GetString()!),
        Device = Enum.Parse<DeviceKind>(e.GetProperty("device").GetString()!),
        Amount = Number(e.GetProperty("amount")),
        Discount = Number(e.GetProperty("discount")),
        Coupon = e.GetProperty("coupon").GetString(),
        Products = [.. e.GetProperty("products").EnumerateArray().Select(Line)],
    };

    private static ProductLine Line(JsonElement line) => new()
    {
        ProductId = line.GetProperty("productId").GetString(),
        Name = line.GetProperty("name").GetString(),
        Category = line.GetProperty("category").GetString(),
        Price = Number(line.GetProperty("price")),
        Quantity = Number(line.GetProperty("quantity")),
    };

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetDouble();

    private static JsonElement Golden(string name, [CallerFilePath] string here = "") =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/training/golden", name))).RootElement.Clone();
}
