namespace CustomerSegmentation.Storage.TestKit.Postgres;

/// <summary>A test that needs PostgreSQL: skipped where it is missing, except in continuous integration, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" ? null : TestServer.Lacking;
}
