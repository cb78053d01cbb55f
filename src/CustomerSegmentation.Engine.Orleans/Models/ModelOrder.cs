using System.Runtime.Serialization;

namespace CustomerSegmentation.Engine.Orleans.Models;

/// <summary>What all silos that run models are to do with one.</summary>
/// <param name="action">What.</param>
/// <param name="version">With which version.</param>
/// <param name="id">Name and version of it.</param>
[DataContract]
public sealed class ModelOrder(ModelAction action, string version, string id)
{
    [DataMember(Order = 0)] public ModelAction Action { get; init; } = action;

    [DataMember(Order = 1)] public string Version { get; init; } = version;

    [DataMember(Order = 2)] public string Id { get; init; } = id;
}
