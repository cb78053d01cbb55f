namespace CustomerSegmentation.Storage.TestKit.Postgres;

/// <summary>
/// A test that needs a PostgreSQL server of its own, to kill it: skipped where it is missing, except in continuous integration, where it runs and fails.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ThrowAwayServerFactAttribute : FactAttribute
{
    public ThrowAwayServerFactAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" ? null : ThrowAwayServer.Lacking;
}
