#if ORLEANS
using CustomerSegmentation.Storage.TestKit.Postgres;
#endif

namespace CustomerSegmentation.Deploy.Tests.Samples;

/// <summary>A test of a sample: against a service by HTTP, or, where the samples are built as clients of a cluster, against a silo, which needs PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SampleFactAttribute : FactAttribute
{
#if ORLEANS
    public SampleFactAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" ? null : TestServer.Lacking;
#endif
}
