using CustomerSegmentation.Crash.Tests.Disk;
using CustomerSegmentation.Crash.Tests.Service;
using Xunit.Abstractions;

namespace CustomerSegmentation.Crash.Tests;

public sealed class SqliteKillTests(ITestOutputHelper output) : KillTests(output), IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Shop> OpenAsync(params string[] options) => Task.FromResult(new Shop(new Home(_folder.Path)) { Options = options });
}
