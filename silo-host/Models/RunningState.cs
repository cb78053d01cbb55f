using CustomerSegmentation.Contracts.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>What is done with models wherever they run.</summary>
/// <param name="Lacking">Why none is active; null while one is, and where no service runs.</param>
/// <param name="States">Models in memory by name and version, and the state of each in the words of <see cref="ModelView.State"/>.</param>
/// <param name="Shadow">The running comparison; null without one.</param>
/// <param name="Encoding">How far the active model is with the customers; null where there is none.</param>
/// <param name="Text">The text model; null where no service runs.</param>
internal sealed record RunningState(
    string? Lacking, IReadOnlyDictionary<string, string> States, ShadowView? Shadow, EncodingView? Encoding, TextModelView? Text)
{
    public const string Active = "active";
    public const string Shadowing = "shadow";
}
