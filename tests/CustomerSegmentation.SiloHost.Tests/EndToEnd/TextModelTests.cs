using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.SiloHost.Hosting;
using TextModel = CustomerSegmentation.Inference.TestKit.TextModel;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>Reviews sent over HTTP and read by the real runtime: the model's embedding of a text is the mean of the numbers of its word pieces.</summary>
public sealed class TextModelTests : IDisposable
{
    private const int Size = 2;
    private static readonly string[] Words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "blue", "lamp"];

    private readonly string _folder = Directory.CreateTempSubdirectory("segmentation-").FullName;
    private readonly ModelFolder _models = new();

    private string Data => Path.Combine(_folder, "data");

    public void Dispose()
    {
        _models.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [OnnxFact]
    public async Task Review_is_read_when_it_comes_and_a_change_of_the_model_begins_a_mean_of_its_own()
    {
        var (host, url) = await HostProcess.ServeAsync(Data, "--set", $"TextModel={Add("1")}");
        using (host)
        {
            using var http = Client(url);
            Assert.Equal(HttpStatusCode.OK, await ReviewAsync(http, "m1", "\"blue lamp\""));
            Assert.Equal(HttpStatusCode.OK, await ReviewAsync(http, "m2", "\"lamp\""));
            Assert.Equal(HttpStatusCode.OK, await ReviewAsync(http, "m2", "\"lamp\""));
            var text = await TextAsync(http);
            Assert.Equal(("test 1", 2), (text.GetProperty("model").GetString(), text.GetProperty("texts").GetInt32()));
            var expected = (((2 + 4 + 5 + 3) / 4.0) + ((2 + 5 + 3) / 3.0)) / 2;
            Assert.Equal(expected, text.GetProperty("mean")[0].GetDouble(), 0.005);
            Assert.Equal(expected + 0.1, text.GetProperty("mean")[1].GetDouble(), 0.005);

            using var export = JsonDocument.Parse(await http.GetStringAsync("api/customers/ada/export"));
            var events = export.RootElement.GetProperty("events").EnumerateArray().ToList();
            Assert.Equal("test 1", events[0].GetProperty("event").GetProperty("textEmbedding").GetProperty("model").GetString());
            Assert.Equal(2 * Size, events[0].GetProperty("event").GetProperty("textEmbedding").GetProperty("numbers").GetBytesFromBase64().Length);
            Assert.Equal(2, export.RootElement.GetProperty("ids")[0].GetProperty("customer").GetProperty("text").GetProperty("texts").GetInt32());
            Assert.Equal(0, await host.TerminateAsync());
        }

        var (again, newUrl) = await HostProcess.ServeAsync(Data, "--set", $"TextModel={Add("2")}");
        using (again)
        {
            using var http = Client(newUrl);
            Assert.Equal("test 1", (await TextAsync(http)).GetProperty("model").GetString());
            await ReviewAsync(http, "m3", "\"blue\"");
            var text = await TextAsync(http);
            Assert.Equal(("test 2", 1), (text.GetProperty("model").GetString(), text.GetProperty("texts").GetInt32()));
            Assert.Equal(0, await again.TerminateAsync());
        }
    }

    [OnnxFact]
    public async Task Mean_of_the_loaded_model_is_exported_beside_the_features_and_nothing_for_whoever_wrote_nothing_it_read()
    {
        var (host, url) = await HostProcess.ServeAsync(Data, "--set", $"TextModel={Add("1")}");
        using (host)
        {
            using var http = Client(url);
            Assert.Equal(HttpStatusCode.OK, await ReviewAsync(http, "m1", "\"blue lamp\""));
            Assert.Equal(HttpStatusCode.OK, await ReviewAsync(http, "m2", "\"lamp\""));
            Assert.Equal(HttpStatusCode.OK, await ReviewAsync(http, "m3", "\"\"", "bob"));
            var mean = (await TextAsync(http)).GetProperty("mean");
            var (names, rows) = Read(await http.GetStringAsync("api/export/features"));
            Assert.Equal(["text_0", "text_1"], names.Where(name => name.StartsWith("text_", StringComparison.Ordinal)));
            var first = names.IndexOf("text_0");
            Assert.Equal(Enumerable.Range(0, Size).Select(i => mean[i].GetDouble()), rows["ada"][first..(first + Size)].Select(n => double.Parse(n, CultureInfo.InvariantCulture)), Near);
            Assert.Equal(["", ""], rows["bob"][first..(first + Size)]);
            Assert.DoesNotContain("text_0", (await http.GetStringAsync("api/export/features?featuresOnly=true")).Split('\n')[0], StringComparison.Ordinal);

            using var models = JsonDocument.Parse(await http.GetStringAsync("api/models"));
            var state = models.RootElement.GetProperty("text");
            Assert.Equal(("test 1", 2, 2, 0), (
                state.GetProperty("id").GetString(), state.GetProperty("embeddingSize").GetInt32(), state.GetProperty("embedded").GetInt32(),
                state.GetProperty("leftOut").GetInt32()));
            var (exitCode, table, error) = await HostProcess.RunAsync("models", "list", "--data", Data);
            Assert.True(exitCode == 0, error);
            Assert.Contains("texts: test 1 read 2 since the start and left out 0, 0 wait", table, StringComparison.Ordinal);
            Assert.Equal(0, await host.TerminateAsync());
        }

        // Through the folder, and with another model: what it did not read has no numbers.
        Assert.NotEqual("", (await ExportAsync(Add("1")))["ada"]);
        Assert.Equal("", (await ExportAsync(Add("2")))["ada"]);
    }

    [OnnxFact]
    public async Task Whatever_stands_in_a_review_the_service_answers_and_the_next_one_is_read()
    {
        var (host, url) = await HostProcess.ServeAsync(Data, "--set", $"TextModel={Add("1")}");
        using (host)
        {
            using var http = Client(url);
            (string Text, HttpStatusCode Status)[] reviews =
            [
                ("\"\"", HttpStatusCode.OK),
                ("\" \\t \"", HttpStatusCode.OK),
                ($"\"{string.Concat(Enumerable.Repeat("blue ", 3_000))}\"", HttpStatusCode.OK),
                ($"\"{new string('x', 9_000)}\"", HttpStatusCode.OK),
                ("\"\\u0001\\u200b\\ud83d\\ude00 \\u4e2d\\u6587\"", HttpStatusCode.OK),
                ("\"a\\u0000b\"", HttpStatusCode.BadRequest),
                ("\"half \\ud800 a pair\"", HttpStatusCode.BadRequest),
                ("{\"blue\":1}", HttpStatusCode.BadRequest),
                ("[\"blue\"]", HttpStatusCode.BadRequest),
                ("true", HttpStatusCode.BadRequest),
                ("null", HttpStatusCode.OK),
            ];
            foreach (var ((text, status), i) in reviews.Select((review, i) => (review, i)))
            {
                Assert.Equal(status, await ReviewAsync(http, $"m{i}", text));
            }

            Assert.Equal(3, (await TextAsync(http)).GetProperty("texts").GetInt32());
            Assert.Equal(HttpStatusCode.OK, await ReviewAsync(http, "last", "\"blue lamp\""));
            Assert.Equal(4, (await TextAsync(http)).GetProperty("texts").GetInt32());
            Assert.Equal(0, await host.TerminateAsync());
        }
    }

    [Fact]
    public async Task Broken_model_leaves_reviews_unread_and_one_line_says_so()
    {
        var manifest = Add("1");
        await File.WriteAllTextAsync(Path.Combine(_models.Path, "test-1.onnx"), "no graph");
        var (host, url) = await HostProcess.ServeAsync(Data, "--set", $"TextModel={manifest}");
        using (host)
        {
            using var http = Client(url);
            Assert.Equal(HttpStatusCode.OK, await ReviewAsync(http, "m1", "\"blue lamp\""));
            Assert.Equal(JsonValueKind.Null, (await TextAsync(http)).ValueKind);
            Assert.Equal(0, await host.TerminateAsync());
            Assert.Single(host.Complaints.Split('\n'), line => line.Contains("no text model", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Where_there_is_no_text_model_the_list_of_models_says_why()
    {
        var (host, url) = await HostProcess.ServeAsync(Data, "--set", "TextModel=");
        using (host)
        {
            using var http = Client(url);
            using var models = JsonDocument.Parse(await http.GetStringAsync("api/models"));
            Assert.Equal("none is configured", models.RootElement.GetProperty("text").GetProperty("lacking").GetString());
            var (_, table, _) = await HostProcess.RunAsync("models", "list", "--data", Data);
            Assert.Contains("texts stay unread: none is configured", table, StringComparison.Ordinal);
            Assert.Equal(0, await host.TerminateAsync());
        }
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-4;

    private static (List<string> Names, Dictionary<string, string[]> Rows) Read(string table)
    {
        var lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(',')).ToList();
        return ([.. lines[0]], lines.Skip(1).ToDictionary(line => line[0]));
    }

    /// <summary>The first number of each customer's mean, from the folder.</summary>
    private async Task<Dictionary<string, string>> ExportAsync(string model)
    {
        var file = Path.Combine(_folder, "f.csv");
        var (exitCode, _, error) = await HostProcess.RunAsync("export", "features", "--out", file, "--data", Data, "--set", $"TextModel={model}");
        Assert.True(exitCode == 0, error);
        var (names, rows) = Read(await File.ReadAllTextAsync(file));
        return rows.ToDictionary(row => row.Key, row => row.Value[names.IndexOf("text_0")]);
    }

    private static async Task<JsonElement> TextAsync(HttpClient http)
    {
        using var view = JsonDocument.Parse(await http.GetStringAsync("api/customers/ada"));
        return view.RootElement.GetProperty("text").Clone();
    }

    private string Add(string version) => Path.Combine(
        _models.Path, _models.AddText(version, new TextModel(Words.Length, Size).ToOnnx(isPooled: true, hasTypes: false), Size, Words));

    private HttpClient Client(Uri url)
    {
        var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Add("X-Admin-Key", new KeyFile(Data).TryRead()!.AdminKey);
        return http;
    }

    private async Task<HttpStatusCode> ReviewAsync(HttpClient http, string messageId, string text, string user = "ada")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/track");
        var key = new KeyFile(Data).TryRead()!.WriteKey;
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        var body = $$"""{"userId":"{{user}}","messageId":"{{messageId}}","event":"Product Reviewed","properties":{"product_id":"p1","rating":4,"review_body":{{text}}} }""";
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
