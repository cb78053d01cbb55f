using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>The real executable on a data folder of its own, ended with the measurement.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    /// <summary>A minute.</summary>
    private const int ReclusterAttemptsMax = 300;

    private readonly Process _process;
    private readonly string _data;

    private ServiceProcess(Process process, string data, Uri url) => (_process, _data, Url) = (process, data, url);

    public Uri Url { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long WorkingSetBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="arguments">Beside those for the data folder and the address.</param>
    public static async Task<ServiceProcess> StartAsync(params string[] arguments)
    {
        var data = Directory.CreateTempSubdirectory("segmentation-bench-").FullName;
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var host = Path.Combine(AppContext.BaseDirectory, "CustomerSegmentation.SiloHost.dll");
        var start = new ProcessStartInfo("dotnet", [host, "--data", data, "--urls", url.ToString().TrimEnd('/'), "--no-auth", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, e) => Console.Error.WriteLine(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var service = new ServiceProcess(process, data, url);
        using var client = new HttpClient { BaseAddress = url };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await client.GetAsync("/healthz/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return service;
                }
            }
            catch (HttpRequestException) when (attempt < 300)
            {
                // Not listening yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>Re-clusters and waits for the end.</summary>
    public async Task ReclusterAsync()
    {
        using var client = new HttpClient { BaseAddress = Url };
        using var started = await client.PostAsync("/api/segmentations", new StringContent("{\"segmentCount\":2}", System.Text.Encoding.UTF8, "application/json"));
        started.EnsureSuccessStatusCode();
        for (var attempt = 0; ; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            using var answer = await client.GetAsync("/api/segmentations");
            using var page = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
            var newest = page.RootElement.GetProperty("items")[0];
            switch (newest.GetProperty("status").GetString())
            {
                case "active":
                    return;
                case "failed" or "cancelled":
                case var _ when attempt == ReclusterAttemptsMax:
                    throw new InvalidOperationException(newest.ToString());
            }
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
