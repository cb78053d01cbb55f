using System.Globalization;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.SiloHost.Tests.Import;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>What the active model says of customers, as columns of the features' export and in a person's own export.</summary>
public sealed class ModelExportTests : IDisposable
{
    private const int Customers = 700;
    private readonly ModelShop _shop = new();

    public void Dispose() => _shop.Dispose();

    [OnnxFact]
    public async Task Features_come_with_embedding_probabilities_and_model_the_same_from_the_folder_and_through_the_service()
    {
        var shipped = _shop.Train("1", new GruModel(seed: 1));
        await ImportAsync();
        var offline = await ExportAsync("--set", $"SequenceModel={shipped}");
        Assert.Equal(["emb_0", "emb_1", "emb_2", "emb_3", "p_head0_class0", "p_head0_class1", "p_head0_class2", "p_head1_class0", "p_head1_class1", "model"], offline[0][^10..]);
        Assert.Equal(Customers, offline.Count - 1);
        Assert.All(offline.Skip(1), row =>
        {
            Assert.Equal("test 1", row[^1]);
            Assert.All(row[^10..^6], number => Assert.InRange(Number(number), -1, 1));
            Assert.Equal(1, row[^6..^3].Sum(Number), 1e-4);
            Assert.Equal(1, row[^3..^1].Sum(Number), 1e-4);
        });
        Assert.True(offline.Skip(1).Select(row => row[^10]).Distinct().Count() > 100);

        await _shop.ServeAsync(shipped);
        var through = await ExportAsync();
        Assert.Equal(offline.Select(row => row[0]), through.Select(row => row[0]));
        Assert.All(offline.Zip(through).Skip(1), pair => Assert.All(pair.First[^10..^1].Zip(pair.Second[^10..^1]), n => Assert.Equal(Number(n.First), Number(n.Second), 1e-5)));

        var plain = await ExportAsync("--features-only");
        Assert.DoesNotContain("text_0", plain[0]);
        Assert.Equal(offline[0][..plain[0].Length], plain[0]);
        Assert.Equal(offline[1][..plain[1].Length], plain[1]);
        await _shop.StopAsync();
    }

    [OnnxFact]
    public async Task Nothing_at_or_after_the_time_of_an_export_is_read()
    {
        var shipped = _shop.Train("1", new GruModel(seed: 1));
        await ImportAsync();
        string[] asOf = ["--set", $"SequenceModel={shipped}", "--as-of", "2024-12-10"];
        var before = await ExportAsync(asOf);
        await ImportAsync(later: true);
        Assert.Equal(before, await ExportAsync(asOf));
    }

    [Fact]
    public async Task Without_a_model_features_are_exported_alone_and_a_line_says_why()
    {
        await ImportAsync();
        var (exitCode, _, error) = await HostProcess.RunAsync(
            "export", "features", "--out", _shop.In("f.csv"), "--data", _shop.Data, "--set", "Inference:LibraryPath=none");
        Assert.Equal(0, exitCode);
        Assert.Contains("features alone: ONNX Runtime is turned off", error, StringComparison.Ordinal);
        Assert.DoesNotContain("emb_0", (await File.ReadAllLinesAsync(_shop.In("f.csv")))[0], StringComparison.Ordinal);
    }

    [OnnxFact]
    public async Task Person_s_export_shows_embedding_and_probabilities()
    {
        await _shop.ServeAsync(_shop.Train("1", new GruModel(seed: 1)));
        await _shop.TrackAsync("m1");
        await _shop.EncoderAsync("test 1");
        var person = await _shop.GetAsync("api/customers/ada/export");
        var id = person.GetProperty("ids")[0];
        Assert.Equal(4, id.GetProperty("embedding").GetArrayLength());
        Assert.Equal("test 1", id.GetProperty("customer").GetProperty("encoder").GetProperty("model").GetString());
        Assert.Equal(2, id.GetProperty("customer").GetProperty("encoder").GetProperty("probabilities").EnumerateObject().Count());
        await _shop.StopAsync();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private async Task<List<string[]>> ExportAsync(params string[] more)
    {
        await _shop.CommandAsync(["export", "features", "--out", _shop.In("f.csv"), .. more]);
        return [.. (await File.ReadAllLinesAsync(_shop.In("f.csv"))).Select(line => line.Split(','))];
    }

    private async Task ImportAsync(bool later = false)
    {
        var file = _shop.In("table.csv");
        var day = later ? 11 : 1;
        await File.WriteAllLinesAsync(
            file,
            [
                ImportRun.Header,
                .. Enumerable.Range(0, 3 * Customers).Select(row =>
                    $"{(later ? 9_000_000 : 0) + row},A{row % 5},X,{1 + (row % 9)},2024-12-{day + (row % 9):00} 08:00:00,{2 + (row % 7)},{row % Customers}.0,UK"),
            ]);
        await _shop.CommandAsync("import", file, "--format", "online-retail");
    }
}
