namespace CustomerSegmentation.Contracts.Models;

/// <summary>
/// The sequence models of a shop: those that were added, the one that ships with the program, and which of them is active. Versions are named as their
/// manifests name them. What was chosen outlasts a restart. For any number of threads; changes wait for each other.
/// </summary>
public interface IModelCatalogue
{
    /// <summary>All models, the latest first, the shipped one last; and how far the active one is with the customers.</summary>
    Task<ModelsView> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Tries a model out and keeps it. The same model again changes nothing.</summary>
    /// <returns>The model, and whether it is new.</returns>
    /// <exception cref="ModelException">It does not fit this build, or its version is taken by another one.</exception>
    Task<(ModelView Model, bool IsNew)> AddAsync(ModelPackage package, CancellationToken cancellationToken = default);

    /// <summary>Loads a model beside the active one and makes it the active one. Everybody is then read by it in the background.</summary>
    /// <exception cref="ModelException">There is no such version, or it does not fit; the model before stays active.</exception>
    Task<ModelView> ActivateAsync(string version, CancellationToken cancellationToken = default);

    /// <summary>Makes the model active that was active before the current one.</summary>
    /// <exception cref="ModelException">There was none, or it does not fit any more.</exception>
    Task<ModelView> RollBackAsync(CancellationToken cancellationToken = default);

    /// <summary>Runs a model beside the active one and compares their answers, until it is stopped or another model is activated.</summary>
    /// <exception cref="ModelException">There is no such version, it does not fit, it is the active one, or nothing runs here.</exception>
    Task<ModelView> StartShadowAsync(string version, CancellationToken cancellationToken = default);

    /// <summary>Ends the comparison.</summary>
    /// <returns>The model with its last report.</returns>
    /// <exception cref="ModelException">The version is no shadow.</exception>
    Task<ModelView> StopShadowAsync(string version, CancellationToken cancellationToken = default);

    /// <summary>Removes a model that was added.</summary>
    /// <exception cref="ModelException">There is no such version; or it is active, was active before, runs as a shadow, or ships with the program.</exception>
    Task RemoveAsync(string version, CancellationToken cancellationToken = default);
}
