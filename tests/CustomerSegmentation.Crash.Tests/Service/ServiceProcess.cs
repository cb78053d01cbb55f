using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace CustomerSegmentation.Crash.Tests.Service;

/// <summary>The real executable in a process of its own, which the tests may kill at any moment.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    /// <summary>Longer than anything takes: a process that has not answered by then hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string Executable = typeof(ServiceProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Executable").Value!;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _log = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
    private readonly TaskCompletionSource<Uri> _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _disposed;

    /// <param name="args">Of the executable.</param>
    /// <param name="launcher">What starts it in its place, in the same process; empty for nothing.</param>
    public ServiceProcess(IReadOnlyList<string> args, params string[] launcher)
    {
        string[] command = [.. launcher, Executable, .. args];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet")
        {
            start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(path);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data, _output);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, _log);
        _process.Exited += (_, _) => _serving.TrySetException(new InvalidOperationException("the process has ended"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool IsAlive => !_process.HasExited;

    /// <summary>What the process wrote to standard output.</summary>
    public string Output => Read(_output);

    /// <summary>What the process wrote to standard error: its log.</summary>
    public string Log => Read(_log);

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Log)> RunAsync(params string[] args)
    {
        await using var process = new ServiceProcess(args);
        var exitCode = await process.WaitAsync();
        return (exitCode, process.Output, process.Log);
    }

    /// <summary>Where the service answers, once it does.</summary>
    public async Task<Uri> ServingAsync()
    {
        try
        {
            return await _serving.Task.WaitAsync(Patience);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"the service did not start: {Log}", e);
        }
    }

    /// <summary>Waits until a line of the log contains a text.</summary>
    public async Task LogsAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_log)
        {
            if (_log.ToString().Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            _awaited.Add((text, seen));
        }

        await seen.Task.WaitAsync(Patience);
    }

    /// <summary>SIGKILL: the process does not run another instruction.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitAsync();
    }

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public void Terminate() => Signal("-TERM");

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        Terminate();
        return await WaitAsync();
    }

    /// <summary>Waits for the end; the exit code.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (IsAlive)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private void Take(string? line, StringBuilder into)
    {
        if (line is null)
        {
            return;
        }

        lock (into)
        {
            into.AppendLine(line);
            if (into == _log)
            {
                _awaited.FindAll(a => line.Contains(a.Text, StringComparison.Ordinal)).ForEach(a => a.Seen.TrySetResult());
            }
        }

        if (line.Split([' ', '#'], StringSplitOptions.RemoveEmptyEntries) is ["page", var url, ..])
        {
            _serving.TrySetResult(new Uri(url));
        }
    }
}
