using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Models;

/// <summary>The sequence models of a shop, how far the customers are read, and the text model.</summary>
[DataContract]
public sealed class ModelsView
{
    [DataMember(Order = 0)] public IReadOnlyList<ModelView> Items { get; init; } = [];

    /// <summary>Why no model is active, so that segments come from features alone; null while one is, and where no service runs.</summary>
    [DataMember(Order = 1)] public string? Lacking { get; init; }

    /// <summary>Null where no model is active.</summary>
    [DataMember(Order = 2)] public EncodingView? Encoding { get; init; }

    /// <summary>Null where no service runs.</summary>
    [DataMember(Order = 3)] public TextModelView? Text { get; init; }
}
