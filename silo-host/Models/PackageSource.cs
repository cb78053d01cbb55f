using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Inference.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>The files of a model that somebody brings.</summary>
internal sealed class PackageSource(ModelPackage package) : IModelSource
{
    public Task<Stream?> OpenAsync(string file, CancellationToken cancellationToken = default) =>
        Task.FromResult(file == package.Manifest.Name ? package.Manifest.Open() : package.Files.FirstOrDefault(f => f.Name == file)?.Open());
}
