using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.Inference.Tests.Library;

/// <summary>The real library of ONNX Runtime that the tests run on.</summary>
internal static class TestLibrary
{
    static TestLibrary()
    {
        try
        {
            Loaded = OnnxRuntime.Load(new InferenceOptions());
        }
        catch (OnnxRuntimeMissingException e)
        {
            Lacking = e.Message;
        }
    }

    /// <summary>What the machine lacks; null when the library is there.</summary>
    public static string? Lacking { get; }

    /// <exception cref="InvalidOperationException">It is missing.</exception>
    public static OnnxRuntime Runtime => Loaded ?? throw new InvalidOperationException(Lacking);

    private static OnnxRuntime? Loaded { get; }
}
