using CustomerSegmentation.Contracts.Customers;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>Puts a choice of segment into features and words.</summary>
internal static class SegmentExplainer
{
    public static IReadOnlyList<FeatureContribution> Explain(
        Segmentation segmentation, ReadOnlySpan<float> features, SegmentChoice choice, out string text) => throw new NotImplementedException();
}
