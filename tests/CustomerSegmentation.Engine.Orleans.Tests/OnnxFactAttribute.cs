using CustomerSegmentation.Inference;
using CustomerSegmentation.Inference.Onnx;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>A test that needs PostgreSQL and ONNX Runtime: skipped with a reason where one is missing, except in continuous integration, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxFactAttribute : PostgresFactAttribute
{
    public OnnxFactAttribute()
    {
        if (Skip is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
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
}
