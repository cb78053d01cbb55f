namespace CustomerSegmentation.Domain.Segments;

/// <summary>Looks ahead for the time at which the passing of time alone moves a customer to another segment.</summary>
public static class SegmentForecast
{
    /// <summary>How far ahead is looked.</summary>
    public const int HorizonDays = 400;

    internal static long NextCheckMs(Segmentation segmentation, ReadOnlySpan<float> features, long asOfMs, int current) =>
        throw new NotImplementedException();
}
