namespace CustomerSegmentation.Inference.Tests.Library;

/// <summary>Cases that need ONNX Runtime: skipped with a reason where it is missing, except in CI, where they run and fail.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxTheoryAttribute : TheoryAttribute
{
    public OnnxTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = TestLibrary.Lacking;
        }
    }
}
