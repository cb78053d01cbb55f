namespace CustomerSegmentation.Storage.Models;

/// <summary>What became of a request to delete a model.</summary>
/// <param name="IsChosen">It is the active or the previous version, and was left alone.</param>
/// <param name="Upload">Where its files lie; null when there was no such model.</param>
internal readonly record struct ModelRemoval(bool IsChosen, long? Upload);
