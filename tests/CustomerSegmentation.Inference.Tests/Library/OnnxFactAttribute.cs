namespace CustomerSegmentation.Inference.Tests.Library;

/// <summary>A test that needs ONNX Runtime: skipped with a reason where it is missing, except in CI, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxFactAttribute : FactAttribute
{
    public OnnxFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = TestLibrary.Lacking;
        }
    }
}
