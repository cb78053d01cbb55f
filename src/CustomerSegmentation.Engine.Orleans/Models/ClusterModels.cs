using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Engine.Orleans.Segmentations;
using CustomerSegmentation.Engine.Orleans.Silos;

namespace CustomerSegmentation.Engine.Orleans.Models;

/// <summary>The sequence models on all silos of the cluster.</summary>
public sealed class ClusterModels
{
    private readonly AllSilos _silos;
    private readonly IGrainFactory _grains;

    internal ClusterModels(AllSilos silos, IGrainFactory grains) => (_silos, _grains) = (silos, grains);

    /// <summary>Which models run, and how the shadow compares, on all silos together.</summary>
    public async Task<RunningModels> DescribeAsync() => RunningModels.Of(await _silos.DescribeModelsAsync());

    /// <summary>How far the active model is with the customers; null where there is none, or the coordinator does not answer.</summary>
    public async Task<EncodingView?> GetEncodingAsync()
    {
        try
        {
            return await _grains.GetGrain<ISegmentationCoordinatorGrain>(0).GetEncodingAsync();
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Does something with a model wherever models run. A silo that does not answer comes to what is chosen by itself.</summary>
    /// <exception cref="ModelException">No silo runs models, or it went wrong on one.</exception>
    public async Task DoAsync(ModelAction action, string version, string id)
    {
        var answers = await _silos.DoAsync(new ModelOrder(action, version, id));
        if (answers.Count == 0)
        {
            throw new ModelException(ModelProblem.NoRuntime, "No silo of the cluster runs models (role inference), or none answers.");
        }
        if (answers.FirstOrDefault(answer => answer.Problem is not null) is { } fault)
        {
            throw new ModelException(fault.Problem!.Value, fault.Message);
        }
    }

    /// <summary>Has every silo take the model that is chosen now; one that does not answer takes it within a second of being back.</summary>
    public Task AnnounceAsync() => _silos.RenewModelsAsync();
}
