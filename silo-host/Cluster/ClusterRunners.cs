using CustomerSegmentation.Engine.Orleans.Models;
using CustomerSegmentation.SiloHost.Models;

namespace CustomerSegmentation.SiloHost.Cluster;

/// <summary>Models on all silos of the cluster that run models.</summary>
internal sealed class ClusterRunners(ClusterModels models) : IModelRunners
{
    public Task LoadAsync(ShelvedModel model, CancellationToken cancellationToken) => models.DoAsync(ModelAction.Load, model.Version, model.Id);

    public Task ActivateAsync(ShelvedModel model, CancellationToken cancellationToken) => models.AnnounceAsync();

    public Task StartShadowAsync(ShelvedModel model, CancellationToken cancellationToken) => models.DoAsync(ModelAction.StartShadow, model.Version, model.Id);

    public Task StopShadowAsync(ShelvedModel model, CancellationToken cancellationToken) => models.DoAsync(ModelAction.StopShadow, model.Version, model.Id);

    public Task UnloadAsync(ShelvedModel model, CancellationToken cancellationToken) => models.DoAsync(ModelAction.Unload, model.Version, model.Id);

    public async Task<RunningState> DescribeAsync(CancellationToken cancellationToken)
    {
        var running = await models.DescribeAsync();
        return new RunningState(running.Lacking, running.States, running.Shadow, await models.GetEncodingAsync(), running.Text);
    }
}
