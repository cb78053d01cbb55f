using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Inference.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>Where the shop's models run: in this process, or on the silos of a cluster that run models.</summary>
internal interface IModelRunners
{
    /// <summary>Loads a model beside the active one.</summary>
    /// <exception cref="ModelException">It cannot run, or nothing runs here.</exception>
    /// <exception cref="ModelRefusedException">It does not fit.</exception>
    Task LoadAsync(ShelvedModel model, CancellationToken cancellationToken);

    /// <summary>Takes a loaded model that was just stored as chosen.</summary>
    Task ActivateAsync(ShelvedModel model, CancellationToken cancellationToken);

    /// <summary>Runs a loaded model beside the active one.</summary>
    /// <exception cref="ModelException">It is the active one, or nothing runs here.</exception>
    Task StartShadowAsync(ShelvedModel model, CancellationToken cancellationToken);

    /// <summary>Ends the comparison.</summary>
    Task StopShadowAsync(ShelvedModel model, CancellationToken cancellationToken);

    /// <summary>Lets go of a model that is neither active nor a shadow.</summary>
    Task UnloadAsync(ShelvedModel model, CancellationToken cancellationToken);

    Task<RunningState> DescribeAsync(CancellationToken cancellationToken);
}
