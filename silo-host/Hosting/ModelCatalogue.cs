using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Engine.Embedded;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>What the process's models look like to readers.</summary>
internal sealed class ModelCatalogue(SequenceModel model, EmbeddedEngine engine) : IModelCatalogue
{
    public ModelsView Read()
    {
        var progress = engine.Encoding;
        return new ModelsView
        {
            Items =
            [
                .. model.Models.Select(status => new ModelView
                {
                    Id = status.Id,
                    State = status.State.ToString().ToLowerInvariant(),
                    SchemaHash = status.Manifest.FeatureSchema,
                    EmbeddingSize = status.Manifest.EmbeddingSize,
                    Metrics = status.Manifest.Metrics,
                }),
            ],
            Encoding = progress.Model is null ? null : new EncodingView
            {
                Waiting = progress.Waiting,
                Paused = progress.Paused,
                Sweeping = progress.IsSweeping,
                Customers = progress.Customers,
                Looked = progress.Looked,
                Woken = progress.Woken,
            },
        };
    }
}
