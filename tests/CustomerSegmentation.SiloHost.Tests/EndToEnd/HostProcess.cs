using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>The real executable in a process of its own.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<Uri> _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(string? workingFolder, IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingFolder ?? "",
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "CustomerSegmentation.SiloHost.dll"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data, _output);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, _error);
        _process.Exited += (_, _) => _serving.TrySetException(new InvalidOperationException("the process has ended"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool IsAlive => !_process.HasExited;

    /// <summary>What the process said on standard error.</summary>
    public string Complaints
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    /// <summary>Memory that the process has in use, in bytes.</summary>
    public long WorkingSetBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Serves on a free port; returns when it listens.</summary>
    public static Task<(HostProcess Host, Uri Url)> ServeAsync(string folder, params string[] more) =>
        ServeInAsync(null, ["--data", folder, .. more]);

    /// <summary>Serves on a free port from a working folder.</summary>
    public static async Task<(HostProcess Host, Uri Url)> ServeInAsync(string? workingFolder, IReadOnlyList<string> args)
    {
        var host = new HostProcess(workingFolder, [.. args, "--urls", "http://127.0.0.1:0"]);
        try
        {
            return (host, await host._serving.Task.WaitAsync(Patience));
        }
        catch (Exception e)
        {
            var said = host._error.ToString();
            host.Dispose();
            throw new InvalidOperationException($"the service did not start: {said}", e);
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) => RunInAsync(null, args);

    /// <summary>Runs a command to its end in a working folder.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunInAsync(string? workingFolder, IReadOnlyList<string> args)
    {
        using var host = new HostProcess(workingFolder, args);
        var exitCode = await host.WaitAsync();
        return (exitCode, host._output.ToString(), host._error.ToString());
    }

    /// <summary>Asks the process to end, as a service manager does, and waits for it.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        return await WaitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
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
        }

        var words = line.Split([' ', '#'], StringSplitOptions.RemoveEmptyEntries);
        if (words is ["page", var url, ..])
        {
            _serving.TrySetResult(new Uri(url));
        }
    }
}
