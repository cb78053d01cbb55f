using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Tracking;

/// <summary>The answer to a <see cref="TrackRequest"/>; with <see cref="TrackOutcome.Committed"/> the events survive any crash.</summary>
[DataContract]
public sealed class TrackReceipt
{
    [DataMember(Order = 0)] public required TrackOutcome Outcome { get; init; }

    /// <summary>Events that this call added.</summary>
    [DataMember(Order = 1)] public int Accepted { get; init; }

    /// <summary>Events that were known already by their message id.</summary>
    [DataMember(Order = 2)] public int Duplicates { get; init; }

    /// <summary>The customer's sequence number after the last event of the request; 0 when nothing was ever taken.</summary>
    [DataMember(Order = 3)] public long Sequence { get; init; }

    /// <summary>Why it was not committed, for people; null on success.</summary>
    [DataMember(Order = 4)] public string? Reason { get; init; }
}
