namespace CustomerSegmentation.Domain.Features;

/// <summary>The columns of the feature vector: names, units, aging, and a hash that a model's manifest names.</summary>
public sealed class FeatureSchema
{
    /// <summary>The schema that <see cref="CustomerFeatures.Materialize"/> writes.</summary>
    public static FeatureSchema Current { get; } = new();

    public IReadOnlyList<FeatureColumn> Columns { get; } = [];

    public int Count => Columns.Count;

    /// <summary>Hexadecimal hash of names, units, kinds and the version of the definitions.</summary>
    public string Hash { get; } = "";

    /// <summary>Position of a column by name, or -1.</summary>
    public int IndexOf(string name) => throw new NotImplementedException();

    /// <summary>Brings a vector from one reference time to a later one, in place; a step back in time changes nothing.</summary>
    public void Age(Span<float> vector, long fromMs, long toMs) => throw new NotImplementedException();
}
