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

    /// <summary>Asks the silo.</summary>
    public HttpClient Http => _http;

    /// <summary>Starts a silo that asks for keys, in a folder that others may have too, and waits until it is ready.</summary>
    public static async Task<SiloProcess> StartWithKeysAsync(string connectionString, string schema, string folder, params string[] options)
    {
        var port = TestCluster.FreePort();
        return await StartAsync(Launch(connectionString, schema, folder, port, options, []), folder, port);
    }

    /// <summary>Starts a silo and waits until it is ready.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="schema">The schema, and the cluster's name.</param>
    /// <param name="options">Further options, each <c>Name=Value</c>.</param>
    public static async Task<SiloProcess> StartAsync(string connectionString, string schema, params string[] options)
    {
        var (folder, port) = (Directory.CreateTempSubdirectory("segmentation-silo-").FullName, TestCluster.FreePort());
        return await StartAsync(Launch(connectionString, schema, folder, port, options, ["--no-auth"]), folder, port);
    }

    private static async Task<SiloProcess> StartAsync(Process process, string folder, int port)
    {
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var silo = new SiloProcess(process, folder, port);
        await Waiting.UntilAsync(async () =>
        {
            Assert.False(process.HasExited, "the silo ended instead of getting ready");
            return await silo.IsReadyAsync();
        });
        return silo;
    }

    /// <summary>Starts a silo that does not come up.</summary>
    /// <returns>Its exit code and what it said on standard error.</returns>
    public static async Task<(int ExitCode, string Error)> FailAsync(string connectionString, string schema, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("segmentation-silo-").FullName;
        using var process = Launch(connectionString, schema, folder, TestCluster.FreePort(), options, ["--no-auth"]);
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
        return (process.ExitCode, await error);
    }

    private static Process Launch(string connectionString, string schema, string folder, int port, string[] options, string[] further) => Process.Start(new ProcessStartInfo(
        Executable,
        [
            "--cluster", "--postgres", connectionString, "--set", $"Postgres:Schema={schema}", "--set", $"Cluster:Name={schema}",
            "--data", folder, "--urls", $"http://127.0.0.1:{port}", .. further, .. options.SelectMany(option => new[] { "--set", option }),
        ])
    { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>Keys and the owner's address.</summary>
    public string Folder => _folder;

    public Uri Url => _http.BaseAddress!;

    /// <summary>Runs a command of the executable.</summary>
    /// <returns>The exit code, and what it wrote.</returns>
    public static async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(texts));
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

    public async Task<JsonElement> GetAsync(string path) => await _http.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement> PostAsync(string path)
    {
        using var answer = await _http.PostAsync(path, null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>SIGTERM, without waiting for the end.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
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
        await TerminateAsync();
        return await ExitAsync();
    }

    /// <summary>Waits for the end; the exit code.</summary>
    public async Task<int> ExitAsync()
    {
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
        if (Directory.Exists(_folder))
        {
            // Several may have had it.
            Directory.Delete(_folder, recursive: true);
        }
    }

    public async Task<bool> IsReadyAsync()
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
