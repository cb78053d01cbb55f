namespace CustomerSegmentation.Inference.Models;

/// <summary>A model that is loaded.</summary>
/// <param name="Id">Name and version.</param>
/// <param name="File">Name of its manifest.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Manifest">What it says about itself.</param>
public sealed record ModelStatus(string Id, string File, ModelState State, ModelManifest Manifest);
