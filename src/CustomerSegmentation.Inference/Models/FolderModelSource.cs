namespace CustomerSegmentation.Inference.Models;

/// <summary>Models in a folder; each <c>.json</c> is a manifest.</summary>
/// <param name="folder">The folder; one that is not there holds no models.</param>
public sealed class FolderModelSource(string folder) : IModelSource
{
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> names = !Directory.Exists(folder) ? [] :
            [.. Directory.EnumerateFiles(folder, "*.json").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        return Task.FromResult(names);
    }

    public Task<Stream?> OpenAsync(string file, CancellationToken cancellationToken = default)
    {
        try
        {
            return Task.FromResult<Stream?>(File.OpenRead(Path.Combine(folder, Path.GetFileName(file))));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }
}
