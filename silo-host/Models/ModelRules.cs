using System.Text.RegularExpressions;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Inference.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>What a model must keep to beside fitting this build, so that it can be added.</summary>
internal static partial class ModelRules
{
    /// <exception cref="ModelException">It does not.</exception>
    public static void Check(ModelPackage package, ModelManifest manifest)
    {
        var file = package.Manifest.Name;
        if (!VersionPattern().IsMatch(manifest.Version))
        {
            throw Refuse($"{file}: version '{manifest.Version}' is not 1 to 100 letters, digits, dots, dashes, underscores and plus signs, beginning with a letter or digit");
        }

        if (package.Files.FirstOrDefault(f => f.Name != manifest.File) is { } surplus)
        {
            throw Refuse($"{surplus.Name}: the manifest names no such file, only {manifest.File}");
        }

        if (package.Files.Count != 1)
        {
            throw Refuse($"{manifest.File}: {(package.Files.Count == 0 ? "the file is missing" : "the file is there twice")}");
        }
    }

    private static ModelException Refuse(string message) => new(ModelProblem.Refused, message);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPattern();
}
