using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Tests.Encoders;

public sealed class TokenLayoutTests
{
    // Wednesday, 2023-11-15, 13:14:15 UTC.
    private const long Afternoon = 1_700_054_055_000;

    [Fact]
    public void Row_of_an_order_holds_what_the_specification_says()
    {
        var row = Row(
            new EncoderToken
            {
                TimeMs = Afternoon, Kind = EventKind.OrderCompleted, Channel = Channel.Web, Device = DeviceKind.Mobile, Discounted = true,
                LogAmount = (float)Math.Log(1 + 99.5), Quantity = 3, CategoryHash = 256, ProductHash = 1_024,
            },
            Afternoon - 90_500);
        float[] expected = [9, (float)Math.Log(91.5), 13, 2, (float)(Half)Math.Log(100.5), (float)Math.Log(4), 2, 2, 1, 2, 1];
        Assert.Equal(expected, row);
    }

    [Fact]
    public void First_event_has_no_gap_and_unknown_things_are_zeros()
    {
        float[] expected = [15, 0, 13, 2, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(expected, Row(new EncoderToken { TimeMs = Afternoon, Kind = EventKind.PageViewed }, null));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(254, 255)]
    [InlineData(255, 1)]
    [InlineData(65_535, 1)]
    public void Categories_fall_into_255_buckets(int hash, float expected) =>
        Assert.Equal(expected, Row(new EncoderToken { CategoryHash = (ushort)hash }, null)[6]);

    [Theory]
    [InlineData(1u, 2)]
    [InlineData(1_022u, 1_023)]
    [InlineData(1_023u, 1)]
    [InlineData(uint.MaxValue, 1 + (uint.MaxValue % 1_023))]
    public void Products_fall_into_1023_buckets(uint hash, float expected) => Assert.Equal(expected, Row(new EncoderToken { ProductHash = hash }, null)[7]);

    [Fact]
    public void Time_before_1970_and_time_that_runs_backwards_make_valid_rows()
    {
        var row = Row(new EncoderToken { TimeMs = -1 }, 5);
        Assert.Equal((0, 23, 2), (row[1], row[2], row[3]));
        Assert.Null(TokenLayout.FindFault(row));
    }

    [Fact]
    public void Tokens_that_follow_one_another_refer_to_the_one_before()
    {
        EncoderToken[] tokens = [new() { TimeMs = 1_000 }, new() { TimeMs = 2_000 }, new() { TimeMs = 2_000 }];
        var rows = new float[3 * TokenLayout.Columns];
        TokenLayout.Write(tokens, null, rows);
        Assert.Equal([0, MathF.Log(2), 0], new[] { rows[1], rows[12], rows[23] });
        TokenLayout.Write(tokens, 0, rows);
        Assert.Equal(MathF.Log(2), rows[1]);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var tokens = Enumerable.Range(0, 32).Select(i => new EncoderToken { TimeMs = i * 60_000 }).ToArray();
        var rows = new float[32 * TokenLayout.Columns];
        TokenLayout.Write(tokens, 5, rows);
        _ = TokenLayout.FindFault(rows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        TokenLayout.Write(tokens, 5, rows);
        _ = TokenLayout.FindFault(rows);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Row_that_is_too_short_is_refused() => Assert.Throws<ArgumentException>(() => TokenLayout.Write(default(EncoderToken), null, new float[10]));

    [Theory]
    [InlineData(0, 21)]
    [InlineData(0, 0.5f)]
    [InlineData(1, float.NaN)]
    [InlineData(2, 24)]
    [InlineData(3, 7)]
    [InlineData(4, float.PositiveInfinity)]
    [InlineData(5, -1)]
    [InlineData(6, 256)]
    [InlineData(7, 1_024)]
    [InlineData(8, 7)]
    [InlineData(9, 5)]
    [InlineData(10, 2)]
    public void Value_that_a_column_lacks_is_a_fault_that_names_the_column(int column, float value)
    {
        var rows = new float[2 * TokenLayout.Columns];
        Assert.Null(TokenLayout.FindFault(rows));
        rows[TokenLayout.Columns + column] = value;
        Assert.StartsWith($"event 1: {TokenLayout.Names[column]} is {value}", TokenLayout.FindFault(rows));
    }

    private static float[] Row(EncoderToken token, long? previousMs)
    {
        var row = new float[TokenLayout.Columns];
        TokenLayout.Write(token, previousMs, row);
        return row;
    }
}
