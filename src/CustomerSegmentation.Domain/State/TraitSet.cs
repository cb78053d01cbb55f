namespace CustomerSegmentation.Domain.State;

/// <summary>What is known of the person: the last value of each trait by event time.</summary>
public sealed class TraitSet
{
    /// <summary>Traits that are kept.</summary>
    public const int Capacity = 64;

    /// <summary>Present traits by name.</summary>
    public IReadOnlyDictionary<string, string> Values => throw new NotImplementedException();

    /// <summary>The trait's text, or null.</summary>
    public string? Find(string name) => throw new NotImplementedException();

    /// <summary>The trait's number, or null when it is absent or no number.</summary>
    public double? FindNumber(string name) => throw new NotImplementedException();
}
