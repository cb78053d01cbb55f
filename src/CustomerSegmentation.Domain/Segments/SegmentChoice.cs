namespace CustomerSegmentation.Domain.Segments;

/// <summary>The segment chosen for a feature vector.</summary>
/// <param name="Index">Position of the segment in <see cref="Segmentation.Segments"/>.</param>
/// <param name="Probability">
/// 0 to 1. It can be below <paramref name="RunnerUpProbability"/> while the customer stays in a segment that is not the nearest by more than the margin.
/// </param>
/// <param name="RunnerUp">Position of the nearest other segment; -1 when there is only one.</param>
/// <param name="RunnerUpProbability">0 to 1; 0 when there is only one segment.</param>
public readonly record struct SegmentChoice(int Index, float Probability, int RunnerUp, float RunnerUpProbability);
