namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>Which grains are where, as the silos themselves say.</summary>
internal static class GrainCounts
{
    /// <summary>Activations of each type of grain on each silo that has some.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<SiloAddress, int>>> ReadAsync(TestSilo silo) =>
        (await silo.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics())
            .GroupBy(grain => grain.GrainId.Type.ToString()!)
            .ToDictionary(
                type => type.Key,
                type => (IReadOnlyDictionary<SiloAddress, int>)type.GroupBy(grain => grain.SiloAddress).ToDictionary(on => on.Key, on => on.Count()));
}
