namespace CustomerSegmentation.Domain.Encoders;

/// <summary>
/// A loaded encoder as its users see it. Two loads of the same file are two models: a state belongs to the version that made it, by
/// <see cref="Id"/>.
/// </summary>
public sealed class EncoderModel
{
    /// <exception cref="ArgumentException">A size is below 1, there is no head, or a head has no class.</exception>
    public EncoderModel(string name, string version, int stateSize, int embeddingSize, int featureColumns, IReadOnlyList<(string Name, IReadOnlyList<string> Classes)> heads)
    {
        if (stateSize < 1 || embeddingSize < 1 || featureColumns < 1)
        {
            throw new ArgumentException($"Sizes of {name} {version} are at least 1: state {stateSize}, embedding {embeddingSize}, features {featureColumns}.");
        }

        if (heads.Count == 0 || heads.Any(h => h.Classes.Count == 0))
        {
            throw new ArgumentException($"{name} {version} needs a head, and each head a class.", nameof(heads));
        }

        (Name, Version, StateSize, EmbeddingSize, FeatureColumns) = (name, version, stateSize, embeddingSize, featureColumns);
        var list = new List<EncoderHead>(heads.Count);
        foreach (var (head, classes) in heads)
        {
            list.Add(new EncoderHead(head, classes, ClassCount));
            ClassCount += classes.Count;
        }

        Heads = list;
        Id = $"{name} {version}";
    }

    /// <summary>Name and version together: what a stored state or embedding is marked with.</summary>
    public string Id { get; }

    public string Name { get; }

    public string Version { get; }

    /// <summary>Numbers in a customer's recurrent state.</summary>
    public int StateSize { get; }

    /// <summary>Numbers in an embedding.</summary>
    public int EmbeddingSize { get; }

    /// <summary>Numbers in the feature vector that goes with a request.</summary>
    public int FeatureColumns { get; }

    /// <summary>The heads, in the order of their probabilities.</summary>
    public IReadOnlyList<EncoderHead> Heads { get; }

    /// <summary>Probabilities of all heads together.</summary>
    public int ClassCount { get; }

    public override string ToString() => Id;
}
