using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Deploy.Tests.Documents;

/// <summary>A test that copies a database: skipped where PostgreSQL or its programs are missing, except in continuous integration, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DumpFactAttribute : PostgresFactAttribute
{
    private static readonly string[] Programs = ["pg_dump", "pg_restore", "createdb"];

    public DumpFactAttribute() => Skip ??= Environment.GetEnvironmentVariable("CI") == "true" || Lacking() is not { } program ? null : $"{program} is missing.";

    private static string? Lacking() => Array.Find(
        Programs, program => !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))));
}
