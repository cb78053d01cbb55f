using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

public sealed class ProcessTests
{
    [PostgresFact]
    public async Task Cluster_whose_silos_were_all_killed_comes_back_by_itself()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"killed_all_{Guid.NewGuid():n}");
        string[] options = ["SequenceModel=", "TextModel="];
        await using (var first = await SiloProcess.StartAsync(connection, schema, options))
        {
            await using var second = await SiloProcess.StartAsync(connection, schema, options);
            Assert.True(await first.TrySendAsync("ada", "m1"));
            await Task.WhenAll(first.KillAsync(), second.KillAsync());
        }

        await using var successor = await SiloProcess.StartAsync(connection, schema, options);
        Assert.Equal(1, await successor.ReadMonetaryAsync("ada"));
        Assert.Equal(0, await successor.StopAsync());
    }

    private const int Customers = 40;
    private const int PerSender = 150;

    [PostgresFact]
    public async Task Process_of_a_silo_killed_under_load_loses_nothing_that_was_acknowledged()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"process_{Guid.NewGuid():n}");
        await using var survivor = await SiloProcess.StartAsync(connection, schema);
        await using var victim = await SiloProcess.StartAsync(connection, schema);
        var acknowledged = 0;
        var senders = Enumerable.Range(0, 4).Select(async sender =>
        {
            for (var i = 0; i < PerSender; i++)
            {
                while (!await survivor.TrySendAsync($"c{i % Customers}", $"{sender}-{i}"))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
                }
                Interlocked.Increment(ref acknowledged);
            }
        }).ToList();
        while (Volatile.Read(ref acknowledged) < PerSender)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        await victim.KillAsync();
        await Task.WhenAll(senders);

        double counted = 0;
        for (var c = 0; c < Customers; c++)
        {
            counted += await survivor.ReadMonetaryAsync($"c{c}");
        }
        Assert.Equal(acknowledged, counted);
        Assert.Equal(0, await survivor.StopAsync());
    }
}
