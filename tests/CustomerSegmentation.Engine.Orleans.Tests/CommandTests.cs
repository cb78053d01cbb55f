using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>Commands beside a running cluster.</summary>
public sealed class CommandTests
{
    private const int Customers = 60;

    [PostgresFact]
    public async Task Commands_go_through_a_silo_by_its_address_or_its_data_folder_and_say_so_where_they_are_told_neither()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"commands_{Guid.NewGuid():n}");
        await using var silo = await SiloProcess.StartAsync(connection, schema);
        await using var other = await SiloProcess.StartAsync(connection, schema);
        var folder = Directory.CreateTempSubdirectory("segmentation-commands-").FullName;
        try
        {
            var (table, export) = (Path.Combine(folder, "orders.csv"), Path.Combine(folder, "features.csv"));
            await File.WriteAllLinesAsync(table, Rows());
            string[] byAddress = ["--url", silo.Url.ToString(), "--data", silo.Folder];
            string[] columns = ["--format", "csv", "--map", "customer=who,time=when,order=id,amount=total"];

            var alone = await SiloProcess.RunAsync(["recluster", "--postgres", connection, "--set", $"Postgres:Schema={schema}", "--data", Path.Combine(folder, "new")]);
            Assert.Equal(1, alone.Code);
            Assert.Contains("--url", alone.Text, StringComparison.Ordinal);

            var imported = await SiloProcess.RunAsync(["import", table, .. columns, .. byAddress]);
            Assert.True(imported.Code == 0, imported.Text);
            Assert.Contains($"{4 * Customers}", imported.Text, StringComparison.Ordinal);

            // By the other one's folder: whatever the silo, it is one shop.
            var reclustered = await SiloProcess.RunAsync(["recluster", "--segments", "2", "--data", other.Folder]);
            Assert.True(reclustered.Code == 0, reclustered.Text);
            Assert.Contains($"2 segments over {Customers} customers", reclustered.Text, StringComparison.Ordinal);

            var exported = await SiloProcess.RunAsync(["export", "features", "--features-only", "--out", export, .. byAddress]);
            Assert.True(exported.Code == 0, exported.Text);
            Assert.Equal(Customers + 1, (await File.ReadAllLinesAsync(export)).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Rows()
    {
        yield return "who,when,id,total";
        for (var i = 0; i < 4 * Customers; i++)
        {
            yield return $"c{i % Customers},2026-01-{1 + (i % 27):00}T10:00:00Z,o{i},{(i % 2 == 0 ? 10 : 400) + (i % 7)}";
        }
    }
}
