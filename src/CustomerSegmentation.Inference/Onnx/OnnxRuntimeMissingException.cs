namespace CustomerSegmentation.Inference.Onnx;

/// <summary>The shared library of ONNX Runtime is not there, or cannot be used.</summary>
/// <param name="message">What was found, and what to do.</param>
/// <param name="triedPaths">Where it was looked for.</param>
public sealed class OnnxRuntimeMissingException(string message, IReadOnlyList<string> triedPaths, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Where the library was looked for, in order.</summary>
    public IReadOnlyList<string> TriedPaths { get; } = triedPaths;
}
