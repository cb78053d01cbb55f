using Orleans.Services;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>What a silo is asked by another, whichever customers are on it.</summary>
internal interface ISiloService : IGrainService
{
    /// <summary>Writes everybody who is new or has changed; false when the storage did not take them.</summary>
    Task<bool> WriteAllAsync();

    /// <summary>Learns what is in force now.</summary>
    Task RenewAsync();
}
