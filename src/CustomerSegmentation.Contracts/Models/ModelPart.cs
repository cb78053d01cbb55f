namespace CustomerSegmentation.Contracts.Models;

/// <summary>A file of a model to add.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Open">Opens its content from the start; may be called several times.</param>
public sealed record ModelPart(string Name, long Bytes, Func<Stream> Open);
