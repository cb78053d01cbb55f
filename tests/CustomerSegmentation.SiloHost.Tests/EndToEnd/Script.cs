using System.Diagnostics;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>A program other than ours, such as curl or node, as a user runs it.</summary>
internal sealed class Script : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _error;

    private Script(string folder, IReadOnlyDictionary<string, string> environment, string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // The loopback address is reached as it is, whatever the machine uses for the rest of the world.
        start.Environment["NO_PROXY"] = start.Environment["no_proxy"] = "127.0.0.1,localhost";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Runs to the end; what it wrote. Fails the test when the program fails.</summary>
    public static async Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, string program, params string[] args)
    {
        using var script = new Script(folder, environment, program, args);
        var output = await script._process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await script._process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(script._process.ExitCode == 0, $"{program} {string.Join(' ', args)}: {output}{await script._error}");
        return output;
    }

    public static Script Start(string folder, IReadOnlyDictionary<string, string> environment, string program, params string[] args) =>
        new(folder, environment, program, args);

    /// <summary>The next line that the program writes.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
