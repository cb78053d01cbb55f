using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Models;

/// <summary>The sequence models that are loaded, and how far the customers are read.</summary>
[DataContract]
public sealed class ModelsView
{
    /// <summary>Empty where segments come from features alone.</summary>
    [DataMember(Order = 0)] public IReadOnlyList<ModelView> Items { get; init; } = [];

    /// <summary>Null where there is no model.</summary>
    [DataMember(Order = 1)] public EncodingView? Encoding { get; init; }
}
