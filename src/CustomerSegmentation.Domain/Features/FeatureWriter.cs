namespace CustomerSegmentation.Domain.Features;

/// <summary>Fills a vector column by column, in the order in which the parts declare their columns.</summary>
internal ref struct FeatureWriter(Span<float> values)
{
    private readonly Span<float> _values = values;
    private int _next;

    /// <summary>Columns written so far.</summary>
    public readonly int Written => _next;

    public void Add(double value) => _values[_next++] = (float)value;

    /// <summary><paramref name="part"/> of <paramref name="whole"/>, 0 when there is no whole.</summary>
    public void AddRatio(double part, double whole) => Add(whole > 0 ? part / whole : 0);

    public void AddFlag(bool value) => Add(value ? 1 : 0);
}
