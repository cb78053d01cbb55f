using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>The executable as one silo of a cluster, in a process of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly string Executable = typeof(SiloProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Executable").Value!;

    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _http;

    private SiloProcess(Process process, string folder, int port) =>
        (_process, _folder, _http) = (process, folder, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) });

    public static async Task<SiloProcess> StartAsync(string connectionString, string schema)
    {
        var (folder, port) = (Directory.CreateTempSubdirectory("segmentation-silo-").FullName, TestCluster.FreePort());
        var process = Process.Start(new ProcessStartInfo(
            Executable,
            [
                "--cluster", "--postgres", connectionString, "--set", $"Postgres:Schema={schema}", "--set", $"Cluster:Name={schema}",
                "--data", folder, "--urls", $"http://127.0.0.1:{port}", "--no-auth",
            ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var silo = new SiloProcess(process, folder, port);
        var begun = TimeProvider.System.GetTimestamp();
        while (!await silo.IsReadyAsync())
        {
            Assert.False(process.HasExited, "the silo ended instead of getting ready");
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromMinutes(2), "the silo did not get ready within two minutes");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        return silo;
    }

    /// <summary>Sends one order over the tracking API, once.</summary>
    /// <returns>Whether it was acknowledged.</returns>
    public async Task<bool> TrySendAsync(string customer, string message)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync(
                "/v1/track", new { userId = customer, messageId = message, @event = "Order Completed", properties = new { order_id = message, total = 1 } });
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    public async Task<double> ReadMonetaryAsync(string customer) =>
        (await _http.GetFromJsonAsync<JsonElement>($"/api/customers/{customer}")).GetProperty("features").GetProperty("monetary").GetDouble();

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("/healthz/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
