namespace CustomerSegmentation.Contracts.Models;

/// <summary>A model to add.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Files">The files that the manifest names, under those names.</param>
public sealed record ModelPackage(ModelPart Manifest, IReadOnlyList<ModelPart> Files);
