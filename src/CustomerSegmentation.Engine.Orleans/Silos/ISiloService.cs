using CustomerSegmentation.Engine.Orleans.Models;
using Orleans.Services;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>What a silo is asked by another, whichever customers are on it.</summary>
internal interface ISiloService : IGrainService
{
    /// <summary>Writes everybody who is new or has changed; false when the storage did not take them.</summary>
    Task<bool> WriteAllAsync();

    /// <summary>Learns what is in force now.</summary>
    Task RenewAsync();

    /// <summary>Learns which model is chosen now, and takes it; a model that is new here is loaded first.</summary>
    [ResponseTimeout("00:02:00")]
    Task RenewModelsAsync();

    /// <summary>How the reading of its customers goes, and whether another model than this one, or none, was current there since the last call.</summary>
    Task<SiloReadings> TakeReadingsAsync(string model);

    /// <summary>Which models run there.</summary>
    Task<RunningModels> DescribeModelsAsync();

    /// <summary>Does something with a model; nothing where none run. Loading a large one takes its time.</summary>
    [ResponseTimeout("00:02:00")]
    Task<ModelAnswer> DoAsync(ModelOrder order);
}
