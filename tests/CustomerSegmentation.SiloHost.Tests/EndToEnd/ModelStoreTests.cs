using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>Models that are added, chosen, compared and removed while the service runs, or by commands beside it.</summary>
public sealed class ModelStoreTests : IDisposable
{
    private readonly ModelShop _shop = new();

    public void Dispose() => _shop.Dispose();

    [OnnxFact]
    public async Task Added_model_is_activated_read_by_everybody_kept_over_a_restart_and_taken_back()
    {
        var shipped = _shop.Train("1", new GruModel(seed: 1));
        await _shop.ServeAsync(shipped);
        await _shop.TrackAsync("m1");
        await _shop.EncoderAsync("test 1");
        await _shop.WaitAsync("api/customers", page => page.GetProperty("items").GetArrayLength() > 0 ? page : null);

        var (status, added) = await _shop.AddAsync(_shop.Train("2", new GruModel(seed: 2)));
        Assert.Equal((HttpStatusCode.Created, "stored"), (status, added.GetProperty("state").GetString()));
        Assert.Equal(0.5, added.GetProperty("metrics").GetProperty("head0").GetProperty("macroF1").GetDouble());
        Assert.Equal(HttpStatusCode.OK, (await _shop.AddAsync(Path.Combine(_shop.Models.Path, "test-2.json"))).Status);
        Assert.Equal(["2 stored", "1 active"], await _shop.StatesAsync());

        (status, var active) = await _shop.PostAsync("api/models/2/activate");
        Assert.Equal((HttpStatusCode.OK, "active", true), (status, active.GetProperty("state").GetString(), active.GetProperty("chosen").GetBoolean()));
        await _shop.EncoderAsync("test 2");

        // Asking for the customer may have had it read before the sweep came by.
        Assert.Equal(1, (await _shop.SweptAsync()).GetProperty("encoding").GetProperty("looked").GetInt32());
        await _shop.StopAsync();

        await _shop.ServeAsync(shipped);
        Assert.Equal(["2 active", "1 stored"], await _shop.StatesAsync());
        Assert.Equal(HttpStatusCode.Conflict, (await _shop.DeleteAsync("api/models/2")).Status);

        (_, var before) = await _shop.PostAsync("api/models/rollback");
        Assert.Equal("test 1", before.GetProperty("id").GetString());
        await _shop.EncoderAsync("test 1");
        Assert.Equal("test 2", (await _shop.PostAsync("api/models/rollback")).Answer.GetProperty("id").GetString());
        await _shop.StopAsync();
    }

    [OnnxFact]
    public async Task Shadow_is_compared_on_what_the_active_model_reads_until_it_is_stopped()
    {
        await _shop.ServeAsync(_shop.Train("1", new GruModel(seed: 1)));
        await _shop.AddAsync(_shop.Train("2", new GruModel(seed: 2)));
        Assert.Equal(HttpStatusCode.Conflict, (await _shop.PostAsync("api/models/1/shadow")).Status);
        Assert.Equal("shadow", (await _shop.PostAsync("api/models/2/shadow")).Answer.GetProperty("state").GetString());
        await _shop.TrackAsync("m1");
        var shadow = await _shop.WaitAsync("api/models/2", model =>
            model.GetProperty("shadow") is { ValueKind: JsonValueKind.Object } report && report.GetProperty("compared").GetInt32() > 0 ? report : null);
        Assert.InRange(shadow.GetProperty("agreement").GetDouble(), 0, 1);
        Assert.True(shadow.GetProperty("maxDifference").GetDouble() > 0);
        Assert.Equal(HttpStatusCode.Conflict, (await _shop.DeleteAsync("api/models/2")).Status);

        var (status, last) = await _shop.DeleteAsync("api/models/2/shadow");
        Assert.Equal((HttpStatusCode.OK, 1), (status, last.GetProperty("shadow").GetProperty("compared").GetInt32()));
        Assert.Equal(HttpStatusCode.Conflict, (await _shop.DeleteAsync("api/models/2/shadow")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await _shop.DeleteAsync("api/models/2")).Status);
        Assert.Equal(["1 active"], await _shop.StatesAsync());

        // The version is free again, also for another graph.
        Assert.Equal(HttpStatusCode.Created, (await _shop.AddAsync(_shop.Train("2", new GruModel(seed: 3)))).Status);
        await _shop.StopAsync();
    }

    [OnnxFact]
    public async Task Model_that_does_not_fit_is_refused_with_file_and_difference_and_the_one_before_goes_on()
    {
        await _shop.ServeAsync(_shop.Train("1", new GruModel(seed: 1)));
        await RefusedAsync(new GruModel(2), m => m["featureSchema"] = "0123456789abcdef", "test-2.json: trained on feature schema 0123456789abcdef; this build has ");
        await RefusedAsync(new GruModel(2), m => m["tokens"] = 2, "test-2.json: trained on events of version 2; this build makes ");
        await RefusedAsync(new GruModel(2), m => m["stateSize"] = 9, "test-2.onnx: input is state Float32 [?, 8]; the manifest makes it state Float32 [?, 9]");
        await RefusedAsync(new GruModel(2) { Renamed = { ["lengths"] = "len" } }, null, "test-2.onnx: input lengths Int64 [?] is missing; the graph has ");
        await RefusedAsync(new GruModel(2), m => m["sha256"] = new string('0', 64), "test-2.onnx: sha256 is ");
        await RefusedAsync(new GruModel(2), m => m["version"] = "a/b", "test-2.json: version 'a/b' is not ");
        await RefusedAsync(new GruModel(2), m => m["file"] = "other.onnx", "test-2.onnx: the manifest names no such file, only other.onnx");
        await RefusedAsync(new GruModel(2) { PaddingLeaks = true }, null, "test-2.onnx: a customer alone and beside a longer one differ by ");
        await RefusedAsync(new GruModel(2) { DividesByFirstFeature = true }, null, "test-2.onnx: a trial run failed: ");
        await RefusedAsync(new GruModel(2), m => m["sha256"] = Truncate(), "test-2.onnx: Opening test 2 (test-2.onnx)");
        await File.WriteAllTextAsync(_shop.In("none.json"), "{ \"manifest\": 1, ");
        Assert.StartsWith("none.json: not a manifest: ", Detail(await _shop.AddAsync(_shop.In("none.json"), _shop.In("none.json"))), StringComparison.Ordinal);

        Assert.Equal(["1 active"], await _shop.StatesAsync());
        await _shop.TrackAsync("m1");
        await _shop.EncoderAsync("test 1");
        await _shop.StopAsync();

        string Truncate()
        {
            var file = Path.Combine(_shop.Models.Path, "test-2.onnx");
            var graph = File.ReadAllBytes(file)[..^40];
            File.WriteAllBytes(file, graph);
            return Convert.ToHexString(SHA256.HashData(graph));
        }
    }

    [OnnxFact]
    public async Task Wrong_requests_are_told_what_is_wrong()
    {
        await _shop.ServeAsync(_shop.Train("1", new GruModel(seed: 1)));
        var manifest = _shop.Train("2", new GruModel(seed: 2));
        Assert.Equal("test-2.onnx: the file is missing", Detail(await _shop.AddAsync(manifest, [])));
        using var text = new StringContent("{}");
        using var answer = await _shop.Http.PostAsync("api/models", text);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("multipart/form-data", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var form = new MultipartFormDataContent { { new StringContent("x"), "file", "x.onnx" } };
        using var noManifest = await _shop.Http.PostAsync("api/models", form);
        Assert.Equal(HttpStatusCode.BadRequest, noManifest.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await _shop.AddAsync(_shop.Train("1", new GruModel(seed: 5)))).Status);
        Assert.Equal(HttpStatusCode.Created, (await _shop.AddAsync(manifest)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await _shop.AddAsync(_shop.Train("2", new GruModel(seed: 6)))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _shop.PostAsync("api/models/3/activate")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _shop.DeleteAsync("api/models/3")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await _shop.PostAsync("api/models/rollback")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await _shop.DeleteAsync("api/models/1")).Status);
        await _shop.StopAsync();
        await _shop.ServeAsync("", "--set", "ModelUploadBytesMax=1024");
        Assert.Contains("1024 bytes", Detail(await _shop.AddAsync(manifest), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await _shop.StopAsync();
    }

    [OnnxFact]
    public async Task Chosen_model_that_no_longer_fits_is_refused_at_the_start_and_the_one_before_goes_on()
    {
        var shipped = _shop.Train("1", new GruModel(seed: 1));
        await _shop.CommandAsync("models", "add", _shop.Train("2", new GruModel(seed: 2)), "--activate");
        await ChooseAsync("3", manifest => manifest["featureSchema"] = "0123456789abcdef");
        await _shop.ServeAsync(shipped);
        Assert.Equal(["3 refused", "2 active", "1 stored"], await _shop.StatesAsync());
        var refused = (await _shop.GetAsync("api/models/3")).GetProperty("reason").GetString();
        Assert.Contains("trained on feature schema 0123456789abcdef", refused, StringComparison.Ordinal);
        Assert.Single((await _shop.StopAsync()).Split('\n'), line => line.Contains("0123456789abcdef", StringComparison.Ordinal));

        await ChooseAsync("4", manifest => manifest["tokens"] = 7);
        await _shop.ServeAsync(shipped);
        Assert.Equal(["4 refused", "3 refused", "2 stored", "1 active"], await _shop.StatesAsync());
        await _shop.StopAsync();

        await _shop.ServeAsync("");
        Assert.Contains("4.json: trained on events of version 7", (await _shop.GetAsync("api/models")).GetProperty("lacking").GetString(), StringComparison.Ordinal);
        await _shop.TrackAsync("m1");
        Assert.Equal(HttpStatusCode.OK, (await _shop.PostAsync("api/models/2/activate")).Status);
        await _shop.EncoderAsync("test 2");
        await _shop.StopAsync();
    }

    [OnnxFact]
    public async Task Commands_do_the_same_beside_a_service_and_on_a_folder_without_one()
    {
        await CommandsAsync("ships with the program");
        Assert.Contains("no service runs", await _shop.FailAsync("models", "shadow", "2"), StringComparison.Ordinal);
        await _shop.ServeAsync(null);
        await _shop.CommandAsync("models", "remove", "3");
        await CommandsAsync("");
        Assert.Contains("test 2 runs as a shadow", await _shop.CommandAsync("models", "shadow", "2"), StringComparison.Ordinal);
        Assert.Contains("nothing compared yet", await _shop.CommandAsync("models", "shadow", "2", "--stop"), StringComparison.Ordinal);
        await _shop.StopAsync();
    }

    /// <summary>Ends with 1 active, 2 before, 3 stored.</summary>
    private async Task CommandsAsync(string shipped)
    {
        var one = _shop.Train("1", new GruModel(seed: 1));
        await _shop.CommandAsync("models", "add", one, "--activate");
        await _shop.CommandAsync("models", "add", _shop.Train("2", new GruModel(seed: 2)));
        Assert.Contains("test 2 is active", await _shop.CommandAsync("models", "activate", "2"), StringComparison.Ordinal);
        Assert.Contains("test 1 is active again", await _shop.CommandAsync("models", "rollback"), StringComparison.Ordinal);
        Assert.Contains("was there already", await _shop.CommandAsync("models", "add", one), StringComparison.Ordinal);
        Assert.Contains("version 3", await _shop.CommandAsync("models", "add", _shop.Train("3", new GruModel(seed: 3))), StringComparison.Ordinal);
        var list = await _shop.CommandAsync("models", "list");
        Assert.Matches(@"\b3 +test 3 +stored", list);
        Assert.Matches(@"\b1 +test 1 +(stored, chosen|active)", list);
        Assert.Contains(shipped, list, StringComparison.Ordinal);
        Assert.Contains("no model of version '9'", await _shop.FailAsync("models", "activate", "9"), StringComparison.Ordinal);
        Assert.Contains("in use", await _shop.FailAsync("models", "remove", "2"), StringComparison.Ordinal);
        var bad = _shop.Train("4", new GruModel(seed: 4), m => m["featureSchema"] = "0123456789abcdef");
        Assert.Contains("trained on feature schema 0123456789abcdef", await _shop.FailAsync("models", "add", bad), StringComparison.Ordinal);
        Assert.Contains("cannot read", await _shop.FailAsync("models", "add", _shop.In("none.json")), StringComparison.Ordinal);
    }

    private async Task RefusedAsync(GruModel model, Action<JsonObject>? change, string expected) =>
        Assert.StartsWith(expected, Detail(await _shop.AddAsync(_shop.Train("2", model, change))), StringComparison.Ordinal);

    private static string Detail((HttpStatusCode Status, JsonElement Answer) answer, HttpStatusCode status = HttpStatusCode.UnprocessableEntity)
    {
        Assert.Equal(status, answer.Status);
        return answer.Answer.GetProperty("detail").GetString()!;
    }

    /// <summary>Stores a model that this build does not take, as another build would have, and chooses it.</summary>
    private async Task ChooseAsync(string version, Action<JsonObject> change)
    {
        var manifest = _shop.Train(version, new GruModel(seed: 9), change);
        await using var storage = await SqliteStorage.OpenAsync(
            new SqliteStorageOptions { Path = Path.Combine(_shop.Data, "customers.db") }, TimeProvider.System, NullLogger<SqliteStorage>.Instance, default);
        using var graph = File.OpenRead(Path.ChangeExtension(manifest, ".onnx"));
        await storage.Models.PutAsync(new ModelUpload
        {
            Kind = "sequence", Version = version, Manifest = await File.ReadAllTextAsync(manifest), Checksum = version,
            Files = [new ModelUploadFile(Path.GetFileName(graph.Name), graph)],
        });
        Assert.NotNull(await storage.Models.TryChooseAsync(await storage.Models.GetChoiceAsync("sequence"), version));
    }
}
