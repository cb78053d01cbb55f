using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace CustomerSegmentation.Deploy.Tests.Services;

/// <summary>The real executable in a process of its own, with a data folder that goes with it.</summary>
internal sealed partial class RunningService : IAsyncDisposable
{
    public const string WriteKey = "write_of_the_tests";
    public const string AdminKey = "admin_of_the_tests";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segmentation-deploy-");
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<Uri> _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningService(IReadOnlyDictionary<string, string> environment, IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        string[] all =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "CustomerSegmentation.SiloHost.dll"), "--data", _folder.FullName, "--urls", "http://127.0.0.1:0", .. args,
        ];
        foreach (var arg in all)
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment["Segmentation__WriteKeys__0"] = WriteKey;
        start.Environment["Segmentation__AdminKeys__0"] = AdminKey;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _serving.TrySetException(new InvalidOperationException("the process has ended"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Url { get; private set; } = null!;

    /// <summary>Everything that the process wrote.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public IReadOnlyList<string> FilesOfFolder => [.. _folder.EnumerateFiles().Select(file => file.Name)];

    /// <summary>Returns when it listens.</summary>
    public static async Task<RunningService> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var service = new RunningService(environment, args);
        try
        {
            service.Url = await service._serving.Task.WaitAsync(Patience);
            return service;
        }
        catch (Exception e)
        {
            var said = service.Log;
            await service.DisposeAsync();
            throw new InvalidOperationException($"the service did not start: {said}", e);
        }
    }

    public HttpClient Client(string? key = AdminKey)
    {
        var http = new HttpClient { BaseAddress = Url };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }

        return http;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks it to end, as a container's runtime does, and waits for that.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }

        if (line.Split([' ', '#'], StringSplitOptions.RemoveEmptyEntries) is ["page", var url, ..])
        {
            _serving.TrySetResult(new Uri(url));
        }
        else if (Health().Match(line) is { Success: true } health)
        {
            _serving.TrySetResult(new Uri(health.Groups[1].Value));
        }
    }

    /// <summary>A silo without the API has no page to name.</summary>
    [GeneratedRegex(@"health on (http://[0-9.:]+)")]
    private static partial Regex Health();
}
