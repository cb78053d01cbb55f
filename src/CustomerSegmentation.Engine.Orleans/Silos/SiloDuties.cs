using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Orleans.Inference;
using CustomerSegmentation.Engine.Orleans.Models;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>
/// What a silo does. A class of grains that is none of its business is left out of what it offers to the cluster, so nobody places such a grain there. A silo
/// without any duty still answers for the shop, through others.
/// </summary>
public sealed class SiloDuties
{
    /// <summary>Has customers, segments and the live stream. Default true.</summary>
    public bool Customers { get; init; } = true;

    /// <summary>May have the coordinator. Default true.</summary>
    public bool Coordinator { get; init; } = true;

    /// <summary>
    /// Runs sequence models, for its own customers without a detour and for those of silos that have none; null to ask other silos. Stays the caller's: stop the
    /// silo first.
    /// </summary>
    public IEncoder? Encoder { get; init; }

    /// <summary>Embeds what customers write as it comes; null for none. Stays the caller's: stop the silo first.</summary>
    public ITextEncoder? Texts { get; init; }

    /// <summary>Brings the silo to the model that the shop has chosen; null for no model.</summary>
    public ISiloModels? Models { get; init; }

    /// <summary>How silos that run models are asked.</summary>
    public InferenceCallOptions Calls { get; init; } = new();

    /// <summary>Percent of the process's memory at which the idlest customers leave, whatever the engine's own limits allow; 0 for never. Default 85.</summary>
    public int MemoryPercentMax { get; init; } = 85;

    /// <summary>Answers questions across all customers, for itself and for others. Default true; there is no need to where nothing but models is.</summary>
    public bool Shop { get; init; } = true;
}
