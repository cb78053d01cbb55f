namespace CustomerSegmentation.Storage.Models;

/// <summary>A file of a model to store.</summary>
/// <param name="Name">Its name within the model.</param>
/// <param name="Content">Read once, to its end; stays the caller's.</param>
public sealed record ModelUploadFile(string Name, Stream Content);
