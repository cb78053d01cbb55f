namespace CustomerSegmentation.Storage.TestKit.Postgres;

/// <summary>The PostgreSQL of a test run: the one that SEGMENTATION_TEST_POSTGRES names, or a throw-away one that the tests share and that ends with them.</summary>
public static class TestServer
{
    private const string Variable = "SEGMENTATION_TEST_POSTGRES";

    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>Null when there is a server or what makes one; else what is missing.</summary>
    public static string? Lacking { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } || ThrowAwayServer.Lacking is null ? null : $"{ThrowAwayServer.Lacking}, or name a server in {Variable}";

    /// <summary>The server's connection string; the first call starts it.</summary>
    public static Task<string> ConnectionStringAsync() => Shared.Value;

    private static async Task<string> StartAsync() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? named
        : (await ThrowAwayServer.StartAsync()).ConnectionString;
}
