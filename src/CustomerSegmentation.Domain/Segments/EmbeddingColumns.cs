using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>
/// The coordinates of an encoder's embedding as columns behind those of the feature schema. They tell customers apart but have no meaning of their own, so
/// people are told of all of them together.
/// </summary>
public static class EmbeddingColumns
{
    /// <summary>Unit of these columns, and the name of what they say together.</summary>
    public const string Unit = "embedding";

    /// <summary>The columns <c>embedding1</c> and on, at the positions after the schema's.</summary>
    /// <param name="schema">The feature schema.</param>
    /// <param name="size">Numbers in an embedding.</param>
    public static IReadOnlyList<FeatureColumn> Of(FeatureSchema schema, int size) =>
    [
        .. Enumerable.Range(0, size).Select(i => new FeatureColumn(
            schema.Count + i, $"embedding{i + 1}", Unit, $"Coordinate {i + 1} of the sequence encoder's embedding.", Unit,
            FeatureAging.None, 0, FeatureScale.Linear, InSegmentSpace: true)),
    ];

    /// <summary>Whether a dimension is a coordinate of an embedding.</summary>
    internal static bool Holds(SegmentSpaceColumn column) => column.Unit == Unit;
}
