using System.Text.Json.Serialization;
using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Api.Admin;

/// <summary>How to re-cluster; everything may be left out.</summary>
/// <param name="SegmentCount">Fixed number of segments, 2 to 32; without it the number is chosen.</param>
/// <param name="MinSegments">Smallest number to consider when choosing, 2 to 32; 4 unless given.</param>
/// <param name="MaxSegments">Largest number to consider when choosing, 2 to 32; 8 unless given.</param>
/// <param name="Activate">Activate when fitted; false leaves a preview. True unless given.</param>
/// <param name="Seed">Seed of every random choice; 1 unless given.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SegmentationStart(
    int? SegmentCount = null, int? MinSegments = null, int? MaxSegments = null, bool? Activate = null, int? Seed = null)
{
    private const int CountMin = 2;
    private const int CountMax = 32;
    private const int MinDefault = 4;
    private const int MaxDefault = 8;

    /// <exception cref="FormatException">A number is out of its range.</exception>
    public SegmentationRequest ToRequest()
    {
        Check(SegmentCount, "segmentCount");
        Check(MinSegments, "minSegments");
        Check(MaxSegments, "maxSegments");
        var min = MinSegments ?? Math.Min(MinDefault, MaxSegments ?? MinDefault);
        var max = MaxSegments ?? Math.Max(MaxDefault, min);
        return min > max
            ? throw new FormatException("minSegments is above maxSegments.")
            : new SegmentationRequest
            {
                SegmentCount = SegmentCount,
                MinSegments = min,
                MaxSegments = max,
                Activate = Activate ?? true,
                Seed = Seed ?? 1,
                RequestedBy = "api",
            };
    }

    private static void Check(int? count, string name)
    {
        if (count is < CountMin or > CountMax)
        {
            throw new FormatException($"{name} is not {CountMin} to {CountMax}.");
        }
    }
}
