using System.Runtime.Serialization;
using CustomerSegmentation.Contracts.Models;

namespace CustomerSegmentation.Contracts;

/// <summary>Whether the engine can take events now.</summary>
[DataContract]
public sealed class EngineHealth
{
    [DataMember(Order = 0)] public required bool Ready { get; init; }

    /// <summary>Why not; null when ready.</summary>
    [DataMember(Order = 1)] public string? Reason { get; init; }

    /// <summary>How full the fullest bounded queue is, 0 to 1.</summary>
    [DataMember(Order = 2)] public double QueueFill { get; init; }

    /// <summary>How the sequence model is doing; null where the engine runs none.</summary>
    [DataMember(Order = 3)] public EncoderHealth? Encoder { get; init; }
}
