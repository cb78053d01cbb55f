using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Models;

/// <summary>
/// The text model of a service, which reads reviews and messages when they come; in a cluster that of all silos with customers together. Events are taken whatever it does.
/// </summary>
[DataContract]
public sealed class TextModelView
{
    /// <summary>Name and version; null where there is none.</summary>
    [DataMember(Order = 0)] public string? Id { get; init; }

    /// <summary>Why there is none, so that texts are kept unread; in a cluster also why one silo has none, though others have. Null where there is one.</summary>
    [DataMember(Order = 1)] public string? Lacking { get; init; }

    /// <summary>Numbers in an embedding.</summary>
    [DataMember(Order = 2)] public int EmbeddingSize { get; init; }

    /// <summary>Texts that wait to be read.</summary>
    [DataMember(Order = 3)] public int Waiting { get; init; }

    /// <summary>Texts that were embedded since the start.</summary>
    [DataMember(Order = 4)] public long Embedded { get; init; }

    /// <summary>Texts that were not, since the start: too many came at once, or a run failed. Their events were taken without.</summary>
    [DataMember(Order = 5)] public long LeftOut { get; init; }
}
