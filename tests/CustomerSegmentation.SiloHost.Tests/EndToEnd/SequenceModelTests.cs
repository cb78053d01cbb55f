using System.Text.Json;
using CustomerSegmentation.Inference.TestKit;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

public sealed class SequenceModelTests : IDisposable
{
    private readonly ModelShop _shop = new();

    public void Dispose() => _shop.Dispose();

    [OnnxFact]
    public async Task Service_with_a_model_reads_events_and_shows_probabilities_also_after_a_change_of_the_model()
    {
        await _shop.ServeAsync(_shop.Train("1", new GruModel(seed: 1)));
        await _shop.TrackAsync("m1");
        AssertProbabilities(await _shop.EncoderAsync("test 1"));
        await _shop.TrackAsync("m2");
        AssertProbabilities(await _shop.EncoderAsync("test 1"));
        await _shop.StopAsync();

        await _shop.ServeAsync(_shop.Train("2", new GruModel(seed: 2)));
        AssertProbabilities(await _shop.EncoderAsync("test 2"));
        var models = await _shop.SweptAsync();
        var model = Assert.Single(models.GetProperty("items").EnumerateArray());
        Assert.Equal(("test 2", "active", true), (model.GetProperty("id").GetString(), model.GetProperty("state").GetString(), model.GetProperty("shipped").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, models.GetProperty("lacking").ValueKind);
        var encoding = models.GetProperty("encoding");
        Assert.Equal(JsonValueKind.Null, encoding.GetProperty("paused").ValueKind);
        Assert.Equal((1, 1), (encoding.GetProperty("customers").GetInt32(), encoding.GetProperty("looked").GetInt32()));
        await _shop.StopAsync();
    }

    [OnnxFact]
    public async Task Model_that_ships_with_the_program_is_active_without_a_word_about_it()
    {
        var (host, url) = await HostProcess.ServeAsync(_shop.Data, "--no-auth");
        using var _ = host;
        using var http = new HttpClient { BaseAddress = url };
        var models = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync("api/models"));
        var model = Assert.Single(models.GetProperty("items").EnumerateArray());
        Assert.StartsWith("default ", model.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal(("active", true, true), (model.GetProperty("state").GetString(), model.GetProperty("shipped").GetBoolean(), model.GetProperty("chosen").GetBoolean()));
        Assert.True(model.GetProperty("metrics").TryGetProperty("value", out var _));
        Assert.Equal(0, await host.TerminateAsync());
    }

    [OnnxFact]
    public async Task Whatever_customers_send_is_read_or_left_alone_and_the_others_are_read()
    {
        // Fails the whole run for whoever was away for four days or more.
        await _shop.ServeAsync(_shop.Train("1", new GruModel(seed: 1) { LooksUpSecondFeature = true }));
        await _shop.SendAsync("v1/identify", """{"userId":"traits-only","traits":{"age":40}}""");
        await _shop.SendAsync("v1/track", $$"""{"userId":"away","timestamp":"{{TimeProvider.System.GetUtcNow().AddDays(-9):O}}","event":"Product Viewed"}""");
        await _shop.SendAsync(
            "v1/track",
            """{"userId":"extreme","event":"Order Completed","properties":{"order_id":"1","total":1e12,"products":[{"product_id":"p","category":"never seen 🜁","price":1e12,"quantity":1e12}]}}""");
        await _shop.TrackAsync("m1");

        AssertProbabilities(await _shop.EncoderAsync("test 1"));
        AssertProbabilities(await _shop.EncoderAsync("test 1", "extreme"));
        var health = await _shop.WaitAsync("healthz/ready", ready =>
            ready.GetProperty("encoder") is var encoder && encoder.GetProperty("state").GetString() == "reading" && encoder.GetProperty("waiting").GetInt32() == 0 ? ready : null);
        Assert.Equal("ready", health.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, (await _shop.GetAsync("api/customers/away")).GetProperty("encoder").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await _shop.GetAsync("api/customers/traits-only")).GetProperty("encoder").ValueKind);
        await _shop.SendAsync("v1/track", """{"userId":"away","event":"Product Viewed"}""");
        AssertProbabilities(await _shop.EncoderAsync("test 1", "away"));
        await _shop.StopAsync();
    }

    [Fact]
    public async Task Broken_model_leaves_features_alone_and_one_line_says_so()
    {
        var manifest = _shop.Train("1", new GruModel(seed: 1));
        await File.WriteAllTextAsync(Path.ChangeExtension(manifest, ".onnx"), "no graph");
        await _shop.ServeAsync(manifest);
        await _shop.TrackAsync("m1");
        Assert.Equal(JsonValueKind.Null, (await _shop.GetAsync("api/customers/ada")).GetProperty("encoder").ValueKind);
        var models = await _shop.GetAsync("api/models");
        Assert.NotEmpty(models.GetProperty("lacking").GetString()!);
        Assert.Equal(JsonValueKind.Null, models.GetProperty("encoding").ValueKind);
        Assert.Single((await _shop.StopAsync()).Split('\n'), line => line.Contains("no sequence model", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_library_the_service_starts_says_so_in_one_line_and_takes_no_models()
    {
        var manifest = _shop.Train("1", new GruModel(seed: 1));
        await _shop.ServeAsync(manifest, "--set", "Inference:LibraryPath=none");
        await _shop.TrackAsync("m1");
        var models = await _shop.GetAsync("api/models");
        Assert.Contains("turned off", models.GetProperty("lacking").GetString(), StringComparison.Ordinal);
        Assert.Equal(["1 stored"], await _shop.StatesAsync());
        var (status, answer) = await _shop.AddAsync(_shop.Train("2", new GruModel(seed: 2)));
        Assert.Equal((System.Net.HttpStatusCode.Conflict, "no_runtime"), (status, answer.GetProperty("code").GetString()));
        var said = await _shop.StopAsync();
        Assert.Contains("turned off", Assert.Single(said.Split('\n'), line => line.Contains("no sequence model", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static void AssertProbabilities(JsonElement encoder)
    {
        var heads = encoder.GetProperty("probabilities").EnumerateObject().ToList();
        Assert.Equal(["head0", "head1"], heads.Select(h => h.Name));
        Assert.All(heads, head => Assert.Equal(1, head.Value.EnumerateObject().Sum(c => c.Value.GetDouble()), 0.01));
    }
}
