using CustomerSegmentation.Crash.Tests.Disk;
using CustomerSegmentation.Crash.Tests.Service;
using CustomerSegmentation.Storage.TestKit.Postgres;
using Xunit.Abstractions;

namespace CustomerSegmentation.Crash.Tests;

public sealed class PostgresKillTests(ITestOutputHelper output) : KillTests(output), IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ThrowAwayServer? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _folder.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [ThrowAwayServerFact]
    public override Task Service_killed_a_dozen_times_keeps_every_acknowledged_event_exactly_once() =>
        base.Service_killed_a_dozen_times_keeps_every_acknowledged_event_exactly_once();

    [ThrowAwayServerFact]
    public override Task Profiles_behind_their_journal_are_caught_up_at_the_start_without_a_visit() =>
        base.Profiles_behind_their_journal_are_caught_up_at_the_start_without_a_visit();

    private protected override async Task<Shop> OpenAsync(params string[] options)
    {
        _server = await ThrowAwayServer.StartAsync();
        return new Shop(new Home(_folder.Path, "--postgres", _server.ConnectionString)) { Options = options };
    }
}
