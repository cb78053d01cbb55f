using System.Net.Sockets;
using CustomerSegmentation.Crash.Tests.Checking;
using CustomerSegmentation.Crash.Tests.Disk;
using CustomerSegmentation.Crash.Tests.Load;
using CustomerSegmentation.Crash.Tests.Service;
using Xunit.Abstractions;

namespace CustomerSegmentation.Crash.Tests;

/// <summary>A service that is asked to stop ends what it has begun and leaves nothing to recover.</summary>
public sealed class StopTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Service_asked_to_stop_under_load_keeps_what_it_acknowledged_and_the_next_start_has_nothing_to_recover()
    {
        var seed = Seeds.Next(output);
        var ledger = new Ledger();

        // Profiles are written by the stop alone: nothing else can have brought them up to date.
        await using var shop = new Shop(new Home(_folder.Path)) { Options = ["CheckpointMs=3600000"] };
        await shop.StartAsync();
        await using var traffic = new Traffic(shop, ledger, seed, clients: 8);
        for (var stop = 0; stop < 3; stop++)
        {
            await traffic.UntilAsync(traffic.Answers.GrowsAsync(50));
            Assert.Equal(0, await shop.StopAsync());
            Assert.Contains("stopped after", shop.Process.Log, StringComparison.Ordinal);
            Assert.DoesNotContain("fail:", shop.Process.Log, StringComparison.Ordinal);
            await shop.StartAsync();
            Assert.Contains("clean stop before: True", shop.Process.Log, StringComparison.Ordinal);
        }

        await traffic.FinishAsync();
        Assert.Equal(0, await shop.StopAsync());
        Assert.DoesNotContain("whose profiles were behind", shop.Process.Log, StringComparison.Ordinal);
        await shop.StartAsync();
        await Audit.AssertExactAsync(shop, ledger);
    }

    [Fact]
    public async Task Request_that_comes_during_the_stop_is_refused_for_now_and_one_under_way_gets_its_receipt()
    {
        await using var shop = new Shop(new Home(_folder.Path)) { Options = ["DrainTimeoutMs=60000"] };
        await shop.StartAsync();
        var url = (await shop.ClientAsync()).BaseAddress!;
        var early = new SentEvent("ada", "early", 1_710_000_000_000, 42);
        using var underWay = new HalfRequest(url, shop.Home.AdminKey, early);
        await underWay.SendRequestLineAsync();
        await underWay.SendHeadersAsync();

        // The server has seen that this one begins, and decides about it when its headers are complete.
        using var late = new HalfRequest(url, shop.Home.AdminKey, early with { MessageId = "late" });
        await late.SendRequestLineAsync();
        await shop.GetAsync("api/segments");
        shop.Process.Terminate();
        shop.Close();
        await NobodyListensAsync(url);

        await late.SendHeadersAsync();
        await late.SendBodyAsync();
        var refusal = await late.AnswerAsync();
        await underWay.SendBodyAsync();
        var receipt = await underWay.AnswerAsync();

        Assert.StartsWith("HTTP/1.1 503", refusal, StringComparison.Ordinal);
        Assert.Contains("Retry-After:", refusal, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", receipt, StringComparison.Ordinal);
        Assert.Equal(0, await shop.Process.WaitAsync());
        await shop.StartAsync();
        var ledger = new Ledger();
        ledger.Acknowledge([early]);
        await Audit.AssertExactAsync(shop, ledger);
    }

    /// <summary>Waits until the port is closed: the stop has begun.</summary>
    private static async Task NobodyListensAsync(Uri url)
    {
        using var patience = new CancellationTokenSource(ServiceProcess.Patience);
        while (true)
        {
            try
            {
                using var tcp = new TcpClient();
                await tcp.ConnectAsync(url.Host, url.Port, patience.Token);
            }
            catch (SocketException)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }
}
