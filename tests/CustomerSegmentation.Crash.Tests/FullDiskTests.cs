using System.Net;
using CustomerSegmentation.Crash.Tests.Checking;
using CustomerSegmentation.Crash.Tests.Disk;
using CustomerSegmentation.Crash.Tests.Load;
using CustomerSegmentation.Crash.Tests.Service;
using Xunit.Abstractions;

namespace CustomerSegmentation.Crash.Tests;

/// <summary>A disk that takes no more: the service says so, lives on, and goes on when there is room, without a restart.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int Rounds = 2;

    [Fact]
    public async Task Full_disk_refuses_events_for_now_and_taking_them_resumes_when_there_is_room()
    {
        await using var disk = await SmallDisk.TryMountAsync(48 << 20);
        if (disk is null)
        {
            output.WriteLine("No disk can be mounted here: the size of files is limited instead.");
            await RunWithLimitAsync();
            return;
        }

        var home = new Home(Path.Combine(disk.Path, "data"));
        await RunAsync(new Shop(home), _ => disk.Fill(), _ => disk.Free());
    }

    [Fact]
    public Task Failed_writes_refuse_events_for_now_and_taking_them_resumes_when_writes_succeed() => RunWithLimitAsync();

    private async Task RunWithLimitAsync()
    {
        using var folder = new TemporaryFolder();
        var shop = new Shop(new Home(folder.Path)) { Launcher = FileSizeLimit.Launcher };
        await RunAsync(
            shop, s => FileSizeLimit.Set(s.Process.Id, new FileInfo(s.Home.Database + "-wal").Length), s => FileSizeLimit.Lift(s.Process.Id));
    }

    private async Task RunAsync(Shop shop, Action<Shop> fill, Action<Shop> free)
    {
        var ledger = new Ledger();
        await using var _ = shop;
        await shop.StartAsync();
        await using var traffic = new Traffic(shop, ledger, Seeds.Next(output));
        for (var round = 0; round < Rounds; round++)
        {
            await traffic.UntilAsync(traffic.Answers.GrowsAsync(30));
            fill(shop);
            await traffic.UntilAsync(traffic.Refusals.GrowsAsync(40));
            Assert.True(shop.Process.IsAlive, shop.Process.Log);
            await NotReadyAsync(shop);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(shop, "healthz/live"));
            free(shop);
        }

        await traffic.UntilAsync(traffic.Answers.GrowsAsync(30));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(shop, "healthz/ready"));
        await traffic.FinishAsync();
        output.WriteLine($"{ledger.Count} events in {traffic.Answers.Count} batches, {traffic.Refusals.Count} refused");
        await shop.KillAsync();
        await shop.StartAsync();
        await Audit.AssertExactAsync(shop, ledger);
    }

    /// <summary>Waits until the service says that it takes no events. A small commit may still find room between two that do not.</summary>
    private static async Task NotReadyAsync(Shop shop)
    {
        using var patience = new CancellationTokenSource(ServiceProcess.Patience);
        while (await StatusAsync(shop, "healthz/ready") != HttpStatusCode.ServiceUnavailable)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(Shop shop, string path)
    {
        using var response = await (await shop.ClientAsync()).GetAsync(path);
        return response.StatusCode;
    }
}
