using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>
/// The coordinates of embeddings as columns behind those of the feature schema: first that of a customer's events, then the mean of a customer's texts. They tell
/// customers apart but have no meaning of their own, so people are told of all coordinates of one kind together.
/// </summary>
public static class EmbeddingColumns
{
    /// <summary>Unit of the coordinates of a customer's events, and the name of what they say together.</summary>
    public const string Unit = "embedding";

    /// <summary>Unit of the coordinates of a customer's texts, and the name of what they say together.</summary>
    public const string TextUnit = "text";

    /// <summary>The columns <c>embedding1</c> and on, at the positions after the schema's.</summary>
    /// <param name="schema">The feature schema.</param>
    /// <param name="size">Numbers in an embedding.</param>
    public static IReadOnlyList<FeatureColumn> Of(FeatureSchema schema, int size) => Of(Unit, "the sequence encoder's embedding", schema.Count, size);

    /// <summary>The columns <c>text1</c> and on, at the positions after those of <see cref="Of(FeatureSchema, int)"/>.</summary>
    /// <param name="schema">The feature schema.</param>
    /// <param name="embeddingSize">Numbers in an embedding of events; 0 where there is none.</param>
    /// <param name="size">Numbers in an embedding of a text.</param>
    public static IReadOnlyList<FeatureColumn> OfTexts(FeatureSchema schema, int embeddingSize, int size) =>
        Of(TextUnit, "the mean of the text encoder's embeddings", schema.Count + embeddingSize, size);

    /// <summary>Whether a dimension is a coordinate of either.</summary>
    internal static bool Holds(SegmentSpaceColumn column) => column.Unit is Unit or TextUnit;

    private static FeatureColumn[] Of(string unit, string what, int first, int size) =>
    [
        .. Enumerable.Range(0, size).Select(i => new FeatureColumn(
            first + i, $"{unit}{i + 1}", unit, $"Coordinate {i + 1} of {what}.", unit, FeatureAging.None, 0, FeatureScale.Linear, InSegmentSpace: true)),
    ];
}
