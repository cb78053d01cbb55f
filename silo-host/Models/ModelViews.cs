using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Inference.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>What models look like to readers.</summary>
internal static class ModelViews
{
    /// <param name="model">The model.</param>
    /// <param name="state">What it is doing; null when it is not in memory.</param>
    /// <param name="isChosen">Whether it is the one for the next start.</param>
    /// <param name="shadow">The running comparison, of whichever model; null without one.</param>
    public static ModelView Of(ShelvedModel model, string? state, bool isChosen, ShadowView? shadow) => new()
    {
        Id = model.Id,
        Version = model.Version,
        State = state ?? (model.Refusal is null ? "stored" : "refused"),
        Reason = model.Refusal,
        Chosen = isChosen,
        Shipped = model.IsShipped,
        Added = model.Added,
        SchemaHash = model.Manifest?.FeatureSchema ?? "",
        EmbeddingSize = model.Manifest?.EmbeddingSize ?? 0,
        Metrics = model.Manifest?.Metrics,
        Shadow = state == RunningState.Shadowing ? shadow : null,
    };

    /// <summary>The state of each model in memory; empty without a registry.</summary>
    public static IReadOnlyDictionary<string, string> StatesOf(ModelRegistry? registry) =>
        registry?.Models.ToDictionary(model => model.Id, model => model.State.ToString().ToLowerInvariant(), StringComparer.Ordinal) ?? [];

    /// <summary>How the shadow compares; null without one.</summary>
    public static ShadowView? ShadowOf(ModelRegistry? registry) => registry?.ShadowReport is not { } shadow ? null : new ShadowView
    {
        Compared = shadow.Compared,
        Skipped = shadow.Skipped,
        MeanDifference = shadow.ProbabilityMeanDifference,
        MaxDifference = shadow.ProbabilityMaxDifference,
        Agreement = double.IsNaN(shadow.Agreement) ? null : shadow.Agreement,
    };
}
