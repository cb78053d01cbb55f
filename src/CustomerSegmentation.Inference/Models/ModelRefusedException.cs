namespace CustomerSegmentation.Inference.Models;

/// <summary>A model cannot be used. The one before keeps running.</summary>
/// <param name="file">The file at fault.</param>
/// <param name="fault">What kind of fault.</param>
/// <param name="difference">What was expected and what was found.</param>
public sealed class ModelRefusedException(string file, ModelFault fault, string difference, Exception? inner = null)
    : Exception($"{file}: {difference}", inner)
{
    public string File { get; } = file;

    public ModelFault Fault { get; } = fault;

    public string Difference { get; } = difference;
}
