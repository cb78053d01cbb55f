namespace CustomerSegmentation.Inference.Models;

/// <summary>Where model files come from: a manifest, and the files beside it.</summary>
public interface IModelSource
{
    /// <summary>Opens a manifest or a file that one names; null when it is not there.</summary>
    Task<Stream?> OpenAsync(string file, CancellationToken cancellationToken = default);
}
