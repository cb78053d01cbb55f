using System.Text.Json;
using System.Text.Json.Serialization;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Tests.Encoders;

/// <summary>Rows, hashes and schema are those of src/training/golden, which the training's own tests read as well.</summary>
public sealed class GoldenTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    [Fact]
    public void Events_of_the_golden_file_become_its_rows()
    {
        var golden = Read<GoldenTokens>("tokens.json");
        Assert.NotEmpty(golden.Rows);

        // As the actors do it: each event as it comes, the ring puts it at its time.
        var ring = new EventRing();
        foreach (var e in golden.Events.OrderBy(e => e.Sequence).Where(e => EventKinds.IsBehaviour(e.Kind)))
        {
            ring.Add(EncoderToken.Of(e.ToEvent()));
        }

        var rows = new float[ring.Count * TokenLayout.Columns];
        TokenLayout.Write(ring.Tokens, null, rows);
        Assert.Equal(golden.Rows.Count, ring.Count);
        for (var i = 0; i < rows.Length; i++)
        {
            var (row, column) = (i / TokenLayout.Columns, i % TokenLayout.Columns);
            var expected = golden.Rows[row][column];
            Assert.True(Math.Abs(expected - rows[i]) <= Math.Abs(expected) * 1e-6, $"row {row}, {TokenLayout.Names[column]}: {rows[i]} instead of {expected}");
        }
    }

    [Fact]
    public void Texts_of_the_golden_file_have_its_hashes() => Assert.All(Read<List<GoldenHash>>("hashes.json"), golden =>
    {
        Assert.Equal(golden.Hash64, $"{StableHash.Of(golden.Text):x16}");
        Assert.Equal(golden.Hash32, StableHash.Of32(golden.Text));
    });

    [Fact]
    public void Feature_schema_is_that_of_the_golden_file()
    {
        var golden = Read<GoldenSchema>("feature-schema.json");
        Assert.Equal(golden.Hash, FeatureSchema.Current.Hash);
        Assert.Equal(golden.Columns, FeatureSchema.Current.Columns.Select(c => c.Name));
    }

    private static T Read<T>(string file)
    {
        using var stream = File.OpenRead(Path.Combine(Root(), "src", "training", "golden", file));
        return JsonSerializer.Deserialize<T>(stream, Json)!;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CustomerSegmentation.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("CustomerSegmentation.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }

    private sealed record GoldenTokens(IReadOnlyList<GoldenEvent> Events, IReadOnlyList<float[]> Rows);

    private sealed record GoldenHash(string Text, string Hash64, uint Hash32);

    private sealed record GoldenSchema(string Hash, IReadOnlyList<string> Columns);

    private sealed record GoldenEvent(
        long Sequence, long TimeMs, EventKind Kind, Channel Channel, DeviceKind Device, double? Amount, double? Discount, string? Coupon, IReadOnlyList<ProductLine> Products)
    {
        public CustomerEvent ToEvent() => new()
        {
            MessageId = $"m{Sequence}", Kind = Kind, TimestampMs = TimeMs, Channel = Channel, Device = Device,
            Amount = Amount, Discount = Discount, Coupon = Coupon, Products = Products,
        };
    }
}
