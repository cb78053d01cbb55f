using CustomerSegmentation.Deploy.Tests.Metrics;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Deploy.Tests.Telemetry;

/// <summary>A test of a cluster that runs models: skipped with a reason where PostgreSQL or ONNX Runtime is missing, except in continuous integration, where it fails with that reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterModelFactAttribute : PostgresFactAttribute
{
    public ClusterModelFactAttribute() => Skip ??= Environment.GetEnvironmentVariable("CI") == "true" ? null : OnnxFactAttribute.Lacking();
}
