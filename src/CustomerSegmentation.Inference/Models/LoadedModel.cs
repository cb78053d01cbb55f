using CustomerSegmentation.Inference.Batching;

namespace CustomerSegmentation.Inference.Models;

/// <summary>A sequence encoder that is ready to answer.</summary>
internal sealed record LoadedModel(string File, ModelManifest Manifest, SessionPool Pool)
{
    public string Id => Pool.Model.Id;
}
