using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.SiloHost.Hosting;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>A shop whose models a test changes: a data folder, models beside it, and the service on it, asked over HTTP.</summary>
internal sealed class ModelShop : IDisposable
{
    /// <summary>Questions before a test gives up on an answer; a tenth of a second lies between them.</summary>
    private const int QuestionsMax = 600;

    private readonly string _folder = Directory.CreateTempSubdirectory("segmentation-").FullName;
    private HostProcess? _host;
    private HttpClient? _http;

    public ModelFolder Models { get; } = new();

    public string Data => Path.Combine(_folder, "data");

    /// <summary>The running service.</summary>
    public HostProcess Host => _host ?? throw new InvalidOperationException("no service was started");

    /// <summary>Asks it with the admin key.</summary>
    public HttpClient Http => _http ?? throw new InvalidOperationException("no service was started");

    public string In(string name) => Path.Combine(_folder, name);

    /// <summary>Adds a model to the folder beside the shop; the path of its manifest.</summary>
    public string Train(string version, GruModel model, Action<System.Text.Json.Nodes.JsonObject>? change = null) =>
        Path.Combine(Models.Path, Models.Add(version, model, change));

    /// <summary>Starts the service.</summary>
    /// <param name="shipped">The manifest of the model that ships with it; null for none.</param>
    /// <param name="more">Further arguments.</param>
    public async Task ServeAsync(string? shipped, params string[] more)
    {
        (_host, var url) = await HostProcess.ServeAsync(Data, ["--set", $"SequenceModel={shipped}", .. more]);
        _http = new HttpClient { BaseAddress = url };
        _http.DefaultRequestHeaders.Add("X-Admin-Key", new KeyFile(Data).TryRead()!.AdminKey);
    }

    /// <summary>Ends the service cleanly; what it said on standard error.</summary>
    public async Task<string> StopAsync()
    {
        Assert.Equal(0, await Host.TerminateAsync());
        var said = Host.Complaints;
        Host.Dispose();
        Http.Dispose();
        _host = null;
        return said;
    }

    /// <summary>Runs a command on the data folder; standard output.</summary>
    public async Task<string> CommandAsync(params string[] args)
    {
        var (exitCode, output, error) = await HostProcess.RunAsync([.. args, "--data", Data]);
        Assert.True(exitCode == 0, error);
        return output;
    }

    /// <summary>Runs a command that fails; its one line on standard error.</summary>
    public async Task<string> FailAsync(params string[] args)
    {
        var (exitCode, _, error) = await HostProcess.RunAsync([.. args, "--data", Data]);
        Assert.Equal(1, exitCode);
        return Assert.Single(error.Trim().Split('\n'));
    }

    /// <summary>Brings a model as curl does.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> AddAsync(string manifest, params string[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, path) in files.Select(f => ("file", f)).Prepend(("manifest", manifest)))
        {
            form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(path)), name, Path.GetFileName(path));
        }

        return await AnswerAsync(await Http.PostAsync("api/models", form));
    }

    /// <summary>Brings a model with the graph beside its manifest.</summary>
    public Task<(HttpStatusCode Status, JsonElement Answer)> AddAsync(string manifest) => AddAsync(manifest, Path.ChangeExtension(manifest, ".onnx"));

    public async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path) => await AnswerAsync(await Http.PostAsync(path, null));

    public async Task<(HttpStatusCode Status, JsonElement Answer)> DeleteAsync(string path) => await AnswerAsync(await Http.DeleteAsync(path));

    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Version and state of each model.</summary>
    public async Task<IReadOnlyList<string>> StatesAsync() =>
        [.. (await GetAsync("api/models")).GetProperty("items").EnumerateArray().Select(m => $"{m.GetProperty("version").GetString()} {m.GetProperty("state").GetString()}")];

    public Task TrackAsync(string messageId) => SendAsync(
        "v1/track", $$"""{"userId":"ada","messageId":"{{messageId}}","event":"Order Completed","properties":{"order_id":"{{messageId}}","total":42} }""");

    /// <summary>Sends an event that is taken.</summary>
    public async Task SendAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        var key = new KeyFile(Data).TryRead()!.WriteKey;
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>What the model said of the customer, once it has read everything.</summary>
    public Task<JsonElement> EncoderAsync(string model, string customer = "ada") => WaitAsync($"api/customers/{customer}", view =>
        view.GetProperty("encoder") is { ValueKind: JsonValueKind.Object } encoder && !encoder.GetProperty("behind").GetBoolean()
        && encoder.GetProperty("model").GetString() == model ? encoder : null);

    /// <summary>The models once everybody was looked through.</summary>
    public Task<JsonElement> SweptAsync() => WaitAsync("api/models", models =>
        models.GetProperty("encoding") is { ValueKind: JsonValueKind.Object } encoding && !encoding.GetProperty("sweeping").GetBoolean()
        && encoding.GetProperty("looked").GetInt32() > 0 ? models : null);

    /// <summary>Asks until the answer is there.</summary>
    public async Task<JsonElement> WaitAsync(string path, Func<JsonElement, JsonElement?> read)
    {
        for (var i = 0; i < QuestionsMax; i++)
        {
            if (read(await GetAsync(path)) is { } answer)
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new TimeoutException($"{path} does not say what is waited for.");
    }

    public void Dispose()
    {
        _host?.Dispose();
        _http?.Dispose();
        Models.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> AnswerAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
        }
    }
}
