using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Inference.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>What models look like to readers.</summary>
internal static class ModelViews
{
    /// <param name="model">The model.</param>
    /// <param name="loaded">What it is doing; null when it is not in memory.</param>
    /// <param name="isChosen">Whether it is the one for the next start.</param>
    /// <param name="shadow">The running comparison, of whichever model; null without one.</param>
    public static ModelView Of(ShelvedModel model, ModelStatus? loaded, bool isChosen, ShadowReport? shadow) => new()
    {
        Id = model.Id,
        Version = model.Version,
        State = loaded is not null ? loaded.State.ToString().ToLowerInvariant() : model.Refusal is null ? "stored" : "refused",
        Reason = model.Refusal,
        Chosen = isChosen,
        Shipped = model.IsShipped,
        Added = model.Added,
        SchemaHash = model.Manifest?.FeatureSchema ?? "",
        EmbeddingSize = model.Manifest?.EmbeddingSize ?? 0,
        Metrics = model.Manifest?.Metrics,
        Shadow = shadow is null || loaded?.State != ModelState.Shadow || shadow.Id != model.Id ? null : new ShadowView
        {
            Compared = shadow.Compared,
            Skipped = shadow.Skipped,
            MeanDifference = shadow.ProbabilityMeanDifference,
            MaxDifference = shadow.ProbabilityMaxDifference,
            Agreement = double.IsNaN(shadow.Agreement) ? null : shadow.Agreement,
        },
    };
}
