using CustomerSegmentation.Inference.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>A model that is there to be loaded.</summary>
/// <param name="Version">What names it.</param>
/// <param name="Source">Where its files are.</param>
/// <param name="File">Its manifest among them.</param>
/// <param name="Manifest">What it says about itself; null when that does not fit this build.</param>
/// <param name="Refusal">Why it does not: the file and the difference.</param>
/// <param name="Added">When it was added; null for the one that ships with the program.</param>
internal sealed record ShelvedModel(string Version, IModelSource Source, string File, ModelManifest? Manifest, string? Refusal, DateTimeOffset? Added)
{
    public bool IsShipped => Added is null;

    /// <summary>Name and version; the version alone when the manifest does not fit.</summary>
    public string Id => Manifest?.Id ?? Version;
}
