using System.Net.Http.Headers;
using System.Text.Json;

namespace CustomerSegmentation.Crash.Tests.Service;

/// <summary>
/// A service that is killed and started again on the same home. Clients ask for its address before each request: while there is none they wait.
/// </summary>
internal sealed class Shop(Home home) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<HttpClient> _client = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServiceProcess? _process;

    public Home Home { get; } = home;

    /// <summary>Started before the executable, in its process; see <see cref="ServiceProcess"/>.</summary>
    public string[] Launcher { get; init; } = [];

    /// <summary>Options of every start, as Name=Value.</summary>
    public string[] Options { get; init; } = [];

    public ServiceProcess Process => _process ?? throw new InvalidOperationException("The service was never started.");

    /// <summary>Starts a process that may be killed before it serves.</summary>
    public ServiceProcess Launch() => _process = new ServiceProcess(
        [.. Home.Args, "--urls", "http://127.0.0.1:0", .. Options.SelectMany(option => new[] { "--set", option })], Launcher);

    /// <summary>Starts, and lets the clients in.</summary>
    public async Task StartAsync()
    {
        Launch();
        await OpenAsync();
    }

    /// <summary>Lets the clients in once the launched process serves.</summary>
    public async Task OpenAsync()
    {
        var http = new HttpClient { BaseAddress = await Process.ServingAsync(), Timeout = ServiceProcess.Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Home.AdminKey);
        lock (_gate)
        {
            _client.SetResult(http);
        }
    }

    /// <summary>SIGKILL; clients wait from then on.</summary>
    public async Task KillAsync()
    {
        Close();
        await Process.KillAsync();
        await Process.DisposeAsync();
    }

    /// <summary>SIGTERM; clients wait from then on. The exit code.</summary>
    public async Task<int> StopAsync()
    {
        Close();
        return await Process.StopAsync();
    }

    /// <summary>Clients wait from now on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_client.Task.IsCompleted)
            {
                _client = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>A way to the service, when there is one.</summary>
    public Task<HttpClient> ClientAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return _client.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Reads JSON. Fails the test when the answer is no success.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        var http = await ClientAsync();
        using var response = await http.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>A customer with everything that is shown, and as a text that equals that of the same history.</summary>
    public Task<JsonElement> CustomerAsync(string id) => GetAsync($"api/customers/{id}");

    /// <summary>All rows of a list, page by page.</summary>
    public async Task<List<JsonElement>> ListAsync(string path)
    {
        var items = new List<JsonElement>();
        for (string? cursor = null; ;)
        {
            var separator = path.Contains('?') ? '&' : '?';
            var page = await GetAsync($"{path}{separator}limit=500{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next").GetString();
            if (cursor is null)
            {
                return items;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
