namespace CustomerSegmentation.Inference.Models;

/// <summary>Models in a folder.</summary>
/// <param name="folder">The folder; one that is not there holds no files.</param>
public sealed class FolderModelSource(string folder) : IModelSource
{
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
