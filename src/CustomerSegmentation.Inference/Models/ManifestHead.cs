namespace CustomerSegmentation.Inference.Models;

/// <summary>A head of a sequence encoder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Classes">Its classes, in the order of their probabilities.</param>
public sealed record ManifestHead(string Name, IReadOnlyList<string> Classes);
