using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Rejections;

/// <summary>One refused event or line, kept so that nothing is dropped in silence.</summary>
[DataContract]
public sealed class RejectionView
{
    /// <summary>Grows with every rejection; 0 until it is kept.</summary>
    [DataMember(Order = 0)] public long Id { get; init; }

    [DataMember(Order = 1)] public DateTimeOffset Time { get; init; }

    /// <summary><c>api</c>, or <c>import</c> with the file's name behind a colon.</summary>
    [DataMember(Order = 2)] public required string Source { get; init; }

    /// <summary>The category, in lower snake case: <c>no_user_anon_id</c>, <c>invalid_timestamp</c>, ….</summary>
    [DataMember(Order = 3)] public required string Code { get; init; }

    /// <summary>For people: what was wrong, with the field's name. At most 500 characters.</summary>
    [DataMember(Order = 4)] public required string Reason { get; init; }

    [DataMember(Order = 5)] public string? CustomerId { get; init; }
    [DataMember(Order = 6)] public string? MessageId { get; init; }

    /// <summary>Position in the batch (from 0), or the line in the file (from 1).</summary>
    [DataMember(Order = 7)] public long? Position { get; init; }

    /// <summary>The beginning of what was sent, at most 500 characters.</summary>
    [DataMember(Order = 8)] public string? Excerpt { get; init; }
}
