using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>The executable with one role or another, with real models.</summary>
public sealed class RoleTests : IDisposable
{
    private readonly ModelFolder _models = new();

    public void Dispose() => _models.Dispose();

    [OnnxFact]
    public async Task Model_that_one_silo_takes_in_is_run_compared_and_taken_back_by_all()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"roles_{Guid.NewGuid():n}");
        var shipped = $"SequenceModel={Path.Combine(_models.Path, _models.Add("1", new GruModel(seed: 1)))}";
        await using var inference = await SiloProcess.StartAsync(connection, schema, shipped, "Cluster:Roles=inference");
        await using var shop = await SiloProcess.StartAsync(connection, schema, shipped, "Cluster:Roles=customers,api,coordinator");
        await using var both = await SiloProcess.StartAsync(connection, schema, shipped, "Cluster:Roles=inference,api");
        using (var elsewhere = await inference.Http.GetAsync("/api/customers"))
        {
            Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        }
        await SendAsync(shop, "m1");
        await ReadByAsync(shop, "test 1");

        _models.Add("2", new GruModel(seed: 2));
        await AddAsync(both, "test-2");
        Assert.Equal(["2 stored", "1 active"], await StatesAsync(shop));
        Assert.Equal("active", (await both.PostAsync("/api/models/2/activate")).GetProperty("state").GetString());
        await ReadByAsync(shop, "test 2");
        Assert.Equal(["2 active", "1 loaded"], await StatesAsync(shop));
        await Waiting.UntilAsync(async () =>
            (await shop.GetAsync("/api/models")).GetProperty("encoding") is { ValueKind: JsonValueKind.Object } encoding && encoding.GetProperty("looked").GetInt64() > 0);

        Assert.Equal("shadow", (await shop.PostAsync("/api/models/1/shadow")).GetProperty("state").GetString());
        Assert.Equal(["2 active", "1 shadow"], await StatesAsync(both));
        for (var i = 0; i < 20; i++)
        {
            await SendAsync(shop, "first", $"new{i}");
        }
        await Waiting.UntilAsync(async () =>
            (await both.GetAsync("/api/models/1")).GetProperty("shadow") is { ValueKind: JsonValueKind.Object } shadow && shadow.GetProperty("compared").GetInt64() >= 20);

        Assert.Equal("test 1", (await shop.PostAsync("/api/models/rollback")).GetProperty("id").GetString());
        await ReadByAsync(shop, "test 1");
        Assert.Equal(["2 loaded", "1 active"], await StatesAsync(both));
    }

    [OnnxFact]
    public async Task Inference_process_that_is_killed_holds_no_event_up_and_its_successor_catches_up()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"killed_{Guid.NewGuid():n}");
        var shipped = $"SequenceModel={Path.Combine(_models.Path, _models.Add("1", new GruModel(seed: 1)))}";
        await using var shop = await SiloProcess.StartAsync(connection, schema, shipped, "Cluster:Roles=customers,api,coordinator");
        await using (var inference = await SiloProcess.StartAsync(connection, schema, shipped, "Cluster:Roles=inference"))
        {
            await SendAsync(shop, "m1");
            await ReadByAsync(shop, "test 1");
            await inference.KillAsync();
        }
        await SendAsync(shop, "m2");
        for (var i = 0; i < 100; i++)
        {
            // Who is new is looked up in the directory, a part of which was on that silo: until it is declared dead, some are to be sent again.
            var customer = $"c{i}";
            await Waiting.UntilAsync(() => shop.TrySendAsync(customer, "m2"));
        }
        await SendAsync(shop, "m3");
        await Waiting.UntilAsync(async () => (await shop.GetAsync("/healthz/ready")).GetProperty("encoder").GetProperty("state").GetString() == "paused");
        Assert.True((await shop.GetAsync("/api/customers/ada")).GetProperty("encoder").GetProperty("behind").GetBoolean());

        await using var successor = await SiloProcess.StartAsync(connection, schema, shipped, "Cluster:Roles=inference");
        await ReadByAsync(shop, "test 1");
        for (var i = 0; i < 100; i++)
        {
            await ReadByAsync(shop, "test 1", $"c{i}");
        }
        Assert.Equal(0, await successor.StopAsync());
        Assert.Equal(0, await shop.StopAsync());
    }

    [OnnxFact]
    public async Task Text_model_of_the_silos_with_customers_is_shown_by_every_silo()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"texts_{Guid.NewGuid():n}");
        await using var shop = await SiloProcess.StartAsync(connection, schema, "SequenceModel=", "Cluster:Roles=customers,api,coordinator");
        await using var door = await SiloProcess.StartAsync(connection, schema, "SequenceModel=", "TextModel=", "Cluster:Roles=api");
        for (var i = 0; i < 3; i++)
        {
            var properties = new { review_body = $"a lovely lamp, {i} stars" };
            using var answer = await door.Http.PostAsJsonAsync("/v1/track", new { userId = $"c{i}", messageId = "m1", @event = "Product Reviewed", properties });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        foreach (var silo in new[] { shop, door })
        {
            var text = (await silo.GetAsync("/api/models")).GetProperty("text");
            Assert.NotEqual("", text.GetProperty("id").GetString()!);
            Assert.Equal(JsonValueKind.Null, text.GetProperty("lacking").ValueKind);
            Assert.True(text.GetProperty("embeddingSize").GetInt32() > 0);
            Assert.Equal(3, text.GetProperty("embedded").GetInt64() + text.GetProperty("leftOut").GetInt64());
        }
    }

    [PostgresFact]
    public async Task Silo_that_is_to_stop_says_so_while_it_still_takes_events_and_then_ends_well()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"drain_{Guid.NewGuid():n}");
        await using var silo = await SiloProcess.StartAsync(connection, schema, "SequenceModel=", "Cluster:DrainSeconds=6");
        await SendAsync(silo, "m1");

        await silo.TerminateAsync();
        await Waiting.UntilAsync(async () => !await silo.IsReadyAsync());

        await SendAsync(silo, "m2");
        Assert.Equal(0, await silo.ExitAsync());
    }

    [PostgresFact]
    public async Task Wrong_settings_end_the_start_with_a_line()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"wrong_{Guid.NewGuid():n}");
        foreach (var (option, line) in new[]
        {
            ("Cluster:Roles=gpu", "'gpu' is no role (option Cluster:Roles)"),
            ("Cluster:Address=here", "'here' is no address"),
        })
        {
            var (exitCode, error) = await SiloProcess.FailAsync(connection, schema, option);
            Assert.Equal(1, exitCode);
            Assert.Contains(line, error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task Silo_that_others_reach_from_elsewhere_makes_no_keys_of_its_own()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"keys_{Guid.NewGuid():n}");
        var folder = Directory.CreateTempSubdirectory("segmentation-keys-").FullName;
        try
        {
            var (code, text) = await SiloProcess.RunAsync(
                ["--cluster", "--postgres", connection, "--set", $"Postgres:Schema={schema}", "--set", "SequenceModel=", "--set", "Cluster:Address=192.0.2.1", "--data", folder]);

            Assert.Equal(1, code);
            Assert.Contains("Segmentation__WriteKeys__0", text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(folder, "keys.json")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [PostgresFact]
    public async Task Silos_of_one_folder_that_start_at_the_same_moment_take_the_same_keys()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"folder_{Guid.NewGuid():n}");
        var folder = Directory.CreateTempSubdirectory("segmentation-folder-").FullName;
        var silos = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => SiloProcess.StartWithKeysAsync(connection, schema, folder, "SequenceModel=", "TextModel=")));
        await using var first = silos[0];
        await using var second = silos[1];
        using var keys = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "keys.json")));

        foreach (var silo in silos)
        {
            using (var stranger = await silo.Http.GetAsync("/api/segments"))
            {
                Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
            }
            silo.Http.DefaultRequestHeaders.Authorization = new("Bearer", keys.RootElement.GetProperty("adminKey").GetString());
            using var answer = await silo.Http.GetAsync("/api/segments");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task SendAsync(SiloProcess silo, string message, string customer = "ada") => Assert.True(await silo.TrySendAsync(customer, message));

    private async Task AddAsync(SiloProcess silo, string name)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(_models.Path, name + ".json"))), "manifest", name + ".json");
        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(_models.Path, name + ".onnx"))), "file", name + ".onnx");
        using var answer = await silo.Http.PostAsync("/api/models", form);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    /// <summary>Waits until a model has read everything of a customer.</summary>
    private static Task ReadByAsync(SiloProcess silo, string model, string customer = "ada") => Waiting.UntilAsync(async () =>
        (await silo.GetAsync($"/api/customers/{customer}")).GetProperty("encoder") is { ValueKind: JsonValueKind.Object } encoder
        && !encoder.GetProperty("behind").GetBoolean() && encoder.GetProperty("model").GetString() == model);

    private static async Task<IReadOnlyList<string>> StatesAsync(SiloProcess silo) =>
        [.. (await silo.GetAsync("/api/models")).GetProperty("items").EnumerateArray().Select(m => $"{m.GetProperty("version").GetString()} {m.GetProperty("state").GetString()}")];
}
