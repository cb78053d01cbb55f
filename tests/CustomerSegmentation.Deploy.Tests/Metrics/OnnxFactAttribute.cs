using CustomerSegmentation.Inference;
using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.Deploy.Tests.Metrics;

/// <summary>A test of a service that runs models: skipped with a reason where ONNX Runtime is missing, except in continuous integration, where it fails with that reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxFactAttribute : FactAttribute
{
    public OnnxFactAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" ? null : Lacking();

    /// <summary>Fails with the reason where no model can run.</summary>
    public static void Require()
    {
        var lacking = Lacking();
        Assert.True(lacking is null, lacking);
    }

    /// <summary>Why no model can run here; null where one can.</summary>
    public static string? Lacking()
    {
        try
        {
            OnnxRuntime.Load(new InferenceOptions());
            return null;
        }
        catch (OnnxRuntimeMissingException e)
        {
            return e.Message;
        }
    }
}
