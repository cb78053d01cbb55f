namespace CustomerSegmentation.Storage.Models;

/// <summary>
/// Models by kind (such as <c>sequence</c> or <c>text</c>) and version: a manifest and the files that belong to it; and which version of a kind is active.
/// </summary>
public interface IModelStore
{
    /// <summary>
    /// Stores a model; what of it is written can be seen when all of it is. Storing the same version with the same checksum again does nothing.
    /// </summary>
    /// <returns>False when it was there already.</returns>
    /// <exception cref="ModelConflictException">The version is there with another checksum.</exception>
    /// <exception cref="ArgumentException">A name, the manifest or the number of files exceeds <see cref="ModelLimits"/>.</exception>
    /// <exception cref="InvalidDataException">The files are larger than <see cref="ModelLimits.BytesMax"/>.</exception>
    Task<bool> PutAsync(ModelUpload model, CancellationToken cancellationToken = default);

    /// <summary>The models of a kind, newest first.</summary>
    Task<IReadOnlyList<ModelRecord>> ListAsync(string kind, CancellationToken cancellationToken = default);

    /// <summary>One model; null when there is none.</summary>
    Task<ModelRecord?> FindAsync(string kind, string version, CancellationToken cancellationToken = default);

    /// <summary>A file of a model in order, in pieces of up to <see cref="ModelLimits.ChunkBytes"/>; memory is bounded by one piece.</summary>
    /// <exception cref="KeyNotFoundException">There is no such model or file.</exception>
    /// <exception cref="IOException">The model was deleted while it was read.</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string kind, string version, string file, CancellationToken cancellationToken = default);

    /// <summary>Deletes a model with its files.</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="InvalidOperationException">It is the active or the previous version.</exception>
    Task<bool> DeleteAsync(string kind, string version, CancellationToken cancellationToken = default);

    /// <summary>Which version of a kind is active; with revision 0 when nothing was ever chosen.</summary>
    Task<ModelChoice> GetChoiceAsync(string kind, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a version the active one and the active one the previous one, unless somebody else has chosen since <paramref name="current"/> was read. So
    /// several processes agree, and going back is choosing <see cref="ModelChoice.Previous"/>.
    /// </summary>
    /// <param name="current">The choice that the caller knows.</param>
    /// <param name="version">A stored version; null for none.</param>
    /// <param name="cancellationToken">Cancels while nothing is written.</param>
    /// <returns>The new choice; null when another one was made meanwhile.</returns>
    /// <exception cref="KeyNotFoundException">There is no such version.</exception>
    Task<ModelChoice?> TryChooseAsync(ModelChoice current, string? version, CancellationToken cancellationToken = default);
}
