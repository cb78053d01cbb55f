namespace CustomerSegmentation.Storage.Models;

/// <summary>A file of a stored model.</summary>
/// <param name="Name">Its name within the model.</param>
/// <param name="Bytes">Its size.</param>
public sealed record ModelFile(string Name, long Bytes);
