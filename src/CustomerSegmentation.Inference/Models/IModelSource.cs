namespace CustomerSegmentation.Inference.Models;

/// <summary>Where model files come from: manifests, and the files beside them.</summary>
public interface IModelSource
{
    /// <summary>Names of the manifests, in the order of their names.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Opens a manifest or a file that one names; null when it is not there.</summary>
    Task<Stream?> OpenAsync(string file, CancellationToken cancellationToken = default);
}
