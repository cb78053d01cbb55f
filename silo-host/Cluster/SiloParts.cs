using CustomerSegmentation.Engine.Orleans.Inference;
using CustomerSegmentation.Engine.Orleans.Silos;
using CustomerSegmentation.Inference;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Hosting;
using CustomerSegmentation.SiloHost.Models;
using CustomerSegmentation.Storage.Models;

namespace CustomerSegmentation.SiloHost.Cluster;

/// <summary>What a silo with certain roles is made of beside storage and Orleans.</summary>
internal sealed class SiloParts : IAsyncDisposable
{
    private readonly EncoderRuntime? _runtime;
    private readonly TextModel? _texts;
    private readonly ModelShelf _shelf;

    private SiloParts(EncoderRuntime? runtime, TextModel? texts, ModelShelf shelf, SiloDuties duties) =>
        (_runtime, _texts, _shelf, Duties) = (runtime, texts, shelf, duties);

    public SiloDuties Duties { get; }

    /// <exception cref="CommandFailure">The silo is for models alone, and none can run here.</exception>
    public static async Task<SiloParts> OpenAsync(
        SiloRoles roles, ClusterSettings cluster, ServiceOptions service, InferenceOptions inference, IModelStore store, TimeProvider time,
        ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger<SiloParts>();

        // Whoever takes models in tries them out.
        var runtime = (roles & (SiloRoles.Inference | SiloRoles.Api)) != 0 ? new EncoderRuntime(inference, time, loggers) : null;
        var runs = roles.HasFlag(SiloRoles.Inference) && runtime?.Registry is not null;
        if (roles.HasFlag(SiloRoles.Inference) && !runs)
        {
            if (roles == SiloRoles.Inference)
            {
                throw new CommandFailure($"a silo with no other role than inference runs models, and none can run here: {runtime?.Missing}");
            }

            HostLog.NoSequenceModel(logger, runtime?.Missing ?? "");
        }

        var texts = (roles & (SiloRoles.Customers | SiloRoles.Coordinator)) != 0
            ? await TextModel.OpenAsync(service.TextModel, inference, time, loggers, cancellationToken)
            : null;
        if (texts?.Lacking is { } lacking)
        {
            HostLog.NoTextModel(logger, lacking);
        }

        var shelf = new ModelShelf(store, service.SequenceModel);
        var own = runs ? runtime : null;
        return new SiloParts(runtime, texts, shelf, new SiloDuties
        {
            Customers = roles.HasFlag(SiloRoles.Customers),
            Coordinator = roles.HasFlag(SiloRoles.Coordinator),
            Shop = roles != SiloRoles.Inference,
            Encoder = own?.Registry,
            Texts = texts?.Encoder,
            Models = new SiloModels(shelf, new ChosenModel(shelf, own), own, roles.HasFlag(SiloRoles.Customers) ? texts!.View : null),
            Calls = new InferenceCallOptions
            {
                BatchMax = cluster.InferenceBatchMax,
                WaitMs = cluster.InferenceWaitMs,
                CallsMax = cluster.InferenceCallsMax,
                QueueMax = cluster.InferenceQueueMax,
            },
            MemoryPercentMax = cluster.MemoryPercentMax,
        });
    }

    /// <summary>The models of the whole cluster, as its interface shows and changes them.</summary>
    public ModelCatalogue Catalogue(IModelRunners runners) =>
        new(_shelf, _runtime ?? throw new InvalidOperationException("Only a silo with an interface takes models in."), runners);

    /// <summary>Unloads the models. Comes after the silo's stop.</summary>
    public async ValueTask DisposeAsync()
    {
        await (_runtime?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_texts?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
