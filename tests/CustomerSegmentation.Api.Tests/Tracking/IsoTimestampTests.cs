using System.Globalization;
using System.Text;
using CustomerSegmentation.Api.Tracking.Parsing;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Api.Tests.Tracking;

public sealed class IsoTimestampTests
{
    [Fact]
    public void Any_time_in_any_zone_is_read_as_the_library_reads_it() =>
        Prop.ForAll(ArbMap.Default.ArbFor<DateTimeOffset>(), time =>
        {
            foreach (var format in new[] { "yyyy-MM-dd'T'HH:mm:ss.fffzzz", "yyyy-MM-dd HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmzzz", "o" })
            {
                var text = time.ToString(format, CultureInfo.InvariantCulture);
                Assert.True(IsoTimestamp.TryParse(Encoding.ASCII.GetBytes(text), out var milliseconds), text);
                Assert.Equal(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), milliseconds);
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("1970-01-01T00:00:01Z", 1_000)]
    [InlineData("1970-01-01T00:00:00.0019999Z", 1)]
    [InlineData("1970-01-01T00:00:00,5z", 500)]
    [InlineData("1970-01-01T01:00+01", 0)]
    [InlineData("1970-01-01T01:30:00+0130", 0)]
    [InlineData("2024-02-29T00:00:00Z", 1_709_164_800_000)]
    [InlineData("0001-01-01T00:00:00Z", -62_135_596_800_000)]
    [InlineData("9999-12-31T23:59:59.999Z", 253_402_300_799_999)]
    public void Time_is_read(string text, long expected)
    {
        Assert.True(IsoTimestamp.TryParse(Encoding.UTF8.GetBytes(text), out var milliseconds));
        Assert.Equal(expected, milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2023-02-29")]
    [InlineData("0000-01-01")]
    [InlineData("2024-13-01")]
    [InlineData("2024-00-01")]
    [InlineData("2024-01-32")]
    [InlineData("2024-1-1")]
    [InlineData("2024-01-01T")]
    [InlineData("2024-01-01T24:00:00Z")]
    [InlineData("2024-01-01T00:60:00Z")]
    [InlineData("2024-01-01T00:00:60Z")]
    [InlineData("2024-01-01T00:00:00.Z")]
    [InlineData("2024-01-01T00:00:0")]
    [InlineData("2024-01-01T00:00:00+1")]
    [InlineData("2024-01-01T00:00:00+01:")]
    [InlineData("2024-01-01T00:00:00 UTC")]
    [InlineData("２０２４-01-01")]
    [InlineData("+12024-01-01T00:00:00Z")]
    [InlineData("Mon, 01 Jan 2024 00:00:00 GMT")]
    public void Text_that_is_no_time_is_refused(string text) => Assert.False(IsoTimestamp.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
