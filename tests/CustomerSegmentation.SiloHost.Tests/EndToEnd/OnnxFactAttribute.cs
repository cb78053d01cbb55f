using CustomerSegmentation.Inference;
using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>A test that needs ONNX Runtime: skipped with a reason where it is missing, except in continuous integration, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxFactAttribute : FactAttribute
{
    public OnnxFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            return;
        }

        try
        {
            OnnxRuntime.Load(new InferenceOptions());
        }
        catch (OnnxRuntimeMissingException e)
        {
            Skip = e.Message;
        }
    }
}
