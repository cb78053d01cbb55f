using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Tests.Import;

public sealed class TimeFormatTests
{
    [Theory]
    [InlineData("iso", "2011-06-12", "2011-06-12T00:00:00Z")]
    [InlineData("iso", "2011-06-12 08:26:00", "2011-06-12T08:26:00Z")]
    [InlineData("iso", "2011-06-12T08:26:00+02:00", "2011-06-12T06:26:00Z")]
    [InlineData("iso", "2011-06-12T08:26:00.123456Z", "2011-06-12T08:26:00.123Z")]
    [InlineData("yyyyMMdd", "19970101", "1997-01-01T00:00:00Z")]
    [InlineData("dd.MM.yyyy HH:mm", "12.06.2011 08:26", "2011-06-12T08:26:00Z")]
    [InlineData("unix", "1307865600.5", "2011-06-12T08:00:00.5Z")]
    [InlineData("unixms", "1307865600000", "2011-06-12T08:00:00Z")]
    public void Time_in_its_format_is_read_as_utc(string format, string text, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), TimeFormat.Parse(format).Read(text));

    [Theory]
    [InlineData("iso", "12/01/2010")]
    [InlineData("iso", "2010-13-01")]
    [InlineData("iso", "")]
    [InlineData("yyyyMMdd", "1997-01-01")]
    [InlineData("unix", "1e300")]
    [InlineData("unix", "NaN")]
    public void Text_in_another_format_is_no_time(string format, string text) => Assert.Null(TimeFormat.Parse(format).Read(text));
}
