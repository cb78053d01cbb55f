namespace CustomerSegmentation.Domain.Segments;

/// <summary>Feature vectors of many customers, one after the other. The view does not copy.</summary>
/// <param name="Values">rows × columns floats, in the order of the feature schema.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
public readonly record struct FeatureRows(ReadOnlyMemory<float> Values, int Count, int Columns)
{
    public ReadOnlySpan<float> Row(int row) => Values.Span.Slice(row * Columns, Columns);
}
