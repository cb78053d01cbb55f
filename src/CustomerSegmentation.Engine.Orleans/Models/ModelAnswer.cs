using System.Runtime.Serialization;
using CustomerSegmentation.Contracts.Models;

namespace CustomerSegmentation.Engine.Orleans.Models;

/// <summary>How a <see cref="ModelOrder"/> ended on one silo.</summary>
[DataContract]
public sealed class ModelAnswer
{
    /// <summary>What went wrong; null when it was done, or the silo runs no models.</summary>
    [DataMember(Order = 0)] public ModelProblem? Problem { get; init; }

    /// <summary>The same for people.</summary>
    [DataMember(Order = 1)] public string Message { get; init; } = "";
}
