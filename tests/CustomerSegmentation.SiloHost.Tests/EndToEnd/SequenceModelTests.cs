using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.SiloHost.Hosting;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

public sealed class SequenceModelTests : IDisposable
{
    /// <summary>Questions before a test gives up on an answer; a tenth of a second lies between them.</summary>
    private const int QuestionsMax = 600;

    private readonly string _folder = Directory.CreateTempSubdirectory("segmentation-").FullName;
    private readonly ModelFolder _models = new();

    private string Data => Path.Combine(_folder, "data");

    public void Dispose()
    {
        _models.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [OnnxFact]
    public async Task Service_with_a_model_reads_events_and_shows_probabilities_also_after_a_change_of_the_model()
    {
        var first = Path.Combine(_models.Path, _models.Add("1", new GruModel(seed: 1)));
        var second = Path.Combine(_models.Path, _models.Add("2", new GruModel(seed: 2)));
        var (host, url) = await HostProcess.ServeAsync(Data, "--set", $"SequenceModel={first}");
        using (host)
        {
            using var http = Client(url);
            await TrackAsync(http, "m1");
            AssertProbabilities(await EncoderAsync(http, "test 1"));
            await TrackAsync(http, "m2");
            AssertProbabilities(await EncoderAsync(http, "test 1"));
            Assert.Equal(0, await host.TerminateAsync());
        }

        var (again, newUrl) = await HostProcess.ServeAsync(Data, "--set", $"SequenceModel={second}");
        using (again)
        {
            using var http = Client(newUrl);
            AssertProbabilities(await EncoderAsync(http, "test 2"));
            using var models = await SweptAsync(http);
            var model = Assert.Single(models.RootElement.GetProperty("items").EnumerateArray());
            Assert.Equal(("test 2", "active"), (model.GetProperty("id").GetString(), model.GetProperty("state").GetString()));
            var encoding = models.RootElement.GetProperty("encoding");
            Assert.Equal(JsonValueKind.Null, encoding.GetProperty("paused").ValueKind);
            Assert.Equal((1, 1), (encoding.GetProperty("customers").GetInt32(), encoding.GetProperty("looked").GetInt32()));
            Assert.Equal(0, await again.TerminateAsync());
        }
    }

    [Fact]
    public async Task Broken_model_leaves_features_alone_and_one_line_says_so()
    {
        var manifest = Path.Combine(_models.Path, _models.Add("1", new GruModel(seed: 1)));
        await File.WriteAllTextAsync(Path.Combine(_models.Path, "test-1.onnx"), "no graph");
        var (host, url) = await HostProcess.ServeAsync(Data, "--set", $"SequenceModel={manifest}");
        using (host)
        {
            using var http = Client(url);
            await TrackAsync(http, "m1");
            using var view = await ViewAsync(http);
            Assert.Equal(JsonValueKind.Null, view.RootElement.GetProperty("encoder").ValueKind);
            Assert.Equal("""{"items":[],"encoding":null}""", await http.GetStringAsync("api/models"));
            Assert.Equal(0, await host.TerminateAsync());
            Assert.Single(host.Complaints.Split('\n'), line => line.Contains("no sequence model", StringComparison.Ordinal));
        }
    }

    private static void AssertProbabilities(JsonElement encoder)
    {
        var heads = encoder.GetProperty("probabilities").EnumerateObject().ToList();
        Assert.Equal(["head0", "head1"], heads.Select(h => h.Name));
        Assert.All(heads, head => Assert.Equal(1, head.Value.EnumerateObject().Sum(c => c.Value.GetDouble()), 0.01));
    }

    /// <summary>The customer's encoder once the model has read everything.</summary>
    private static async Task<JsonElement> EncoderAsync(HttpClient http, string model)
    {
        for (var i = 0; i < QuestionsMax; i++)
        {
            using var view = await ViewAsync(http);
            var encoder = view.RootElement.GetProperty("encoder");
            if (encoder.ValueKind == JsonValueKind.Object && !encoder.GetProperty("behind").GetBoolean() && encoder.GetProperty("model").GetString() == model)
            {
                return encoder.Clone();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new TimeoutException($"{model} has not read the customer.");
    }

    /// <summary>The models once everybody was looked through.</summary>
    private static async Task<JsonDocument> SweptAsync(HttpClient http)
    {
        for (var i = 0; i < QuestionsMax; i++)
        {
            var models = JsonDocument.Parse(await http.GetStringAsync("api/models"));
            var encoding = models.RootElement.GetProperty("encoding");
            if (!encoding.GetProperty("sweeping").GetBoolean() && encoding.GetProperty("looked").GetInt32() > 0)
            {
                return models;
            }

            models.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new TimeoutException("The customers were not looked through.");
    }

    private static async Task<JsonDocument> ViewAsync(HttpClient http) => JsonDocument.Parse(await http.GetStringAsync("api/customers/ada"));

    private HttpClient Client(Uri url)
    {
        var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Add("X-Admin-Key", new KeyFile(Data).TryRead()!.AdminKey);
        return http;
    }

    private async Task TrackAsync(HttpClient http, string messageId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/track");
        var key = new KeyFile(Data).TryRead()!.WriteKey;
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        var body = $$"""{"userId":"ada","messageId":"{{messageId}}","event":"Order Completed","properties":{"order_id":"{{messageId}}","total":42} }""";
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
