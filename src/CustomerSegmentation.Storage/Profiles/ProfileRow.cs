namespace CustomerSegmentation.Storage.Profiles;

/// <summary>A customer in the profile index.</summary>
public sealed class ProfileRow
{
    public required string CustomerId { get; init; }
    public required long CustomerKey { get; init; }

    /// <summary>Features in the order of the feature schema, as of <see cref="AsOfMs"/>.</summary>
    public required ReadOnlyMemory<float> Vector { get; init; }

    /// <summary>Hash of the feature schema of <see cref="Vector"/>.</summary>
    public required string SchemaHash { get; init; }

    /// <summary>Reference time of <see cref="Vector"/>, milliseconds since 1970-01-01 UTC.</summary>
    public required long AsOfMs { get; init; }

    /// <summary>Null while unassigned.</summary>
    public ProfileAssignment? Assignment { get; init; }

    /// <summary>Orders less refunds, in the shop's currency.</summary>
    public double Monetary { get; init; }

    public long Orders { get; init; }
    public long FirstSeenMs { get; init; }
    public long LastSeenMs { get; init; }

    /// <summary>When time alone may change the customer's segment or audiences; <see cref="long.MaxValue"/> for never.</summary>
    public long DueMs { get; init; } = long.MaxValue;

    /// <summary>The sequence encoder's embedding of the customer's events; empty when there is none, or when it is old news and there is no model to read on.</summary>
    public ReadOnlyMemory<float> Embedding { get; init; }

    /// <summary>Name and version of the model that <see cref="Embedding"/> is of; empty when there is none.</summary>
    public string EmbeddingModel { get; init; } = "";

    /// <summary>Mean of the text encoder's embeddings of what the customer wrote; empty when there is none.</summary>
    public ReadOnlyMemory<float> Text { get; init; }

    /// <summary>Name and version of the model that <see cref="Text"/> is of; empty when there is none.</summary>
    public string TextModel { get; init; } = "";

    /// <summary>Keys of the audiences that the customer is in.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];
}
