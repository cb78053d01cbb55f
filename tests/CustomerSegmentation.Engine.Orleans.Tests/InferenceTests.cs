using System.Collections.Concurrent;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Encoders.TestKit;
using CustomerSegmentation.Engine.Orleans.Inference;
using CustomerSegmentation.Engine.Orleans.Silos;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>Silos that have customers and silos that run models, each without what the other does.</summary>
public sealed class InferenceTests
{
    private const int Customers = 40;

    private static readonly SiloDuties Shop = Having(absentSeconds: 30);

    [PostgresFact]
    public async Task Customers_live_where_customers_may_and_are_read_where_models_run_as_if_it_were_one_process()
    {
        await using var cluster = await TestCluster.StartAsync("placement", silos: 0);
        var (one, other) = (new ScriptedEncoder(ScriptedEncoder.ModelOf("1")), new ScriptedEncoder(ScriptedEncoder.ModelOf("1")));
        var having = new[] { await cluster.AddSiloAsync(Shop), await cluster.AddSiloAsync(Shop) };
        var running = new[] { await cluster.AddSiloAsync(Running(one)), await cluster.AddSiloAsync(Running(other)) };
        await using var whole = await TestCluster.StartAsync("whole", silos: 0);
        await whole.AddSiloAsync(new SiloDuties { Encoder = new ScriptedEncoder(ScriptedEncoder.ModelOf("1")) });
        var events = Enumerable.Range(0, Customers).Select(i => Enumerable.Range(0, 1 + (i % 5)).Select(n => Events.Order($"m{n}", i + n)).ToArray()).ToList();

        for (var i = 0; i < Customers; i++)
        {
            foreach (var e in events[i])
            {
                await cluster.Engine.TrackAsync([Events.Of($"c{i}", e)]);
                await whole.Engine.TrackAsync([Events.Of($"c{i}", e)]);
            }
        }

        for (var i = 0; i < Customers; i++)
        {
            var (apart, together) = (await ReadAsync(cluster.Engine, $"c{i}"), await ReadAsync(whole.Engine, $"c{i}"));
            Assert.Equal("scripted 1", apart.Model);
            // Which events were read together is a matter of timing, and states between readings are kept in half precision.
            Assert.Equal(together.Probabilities["value"]["higher"], apart.Probabilities["value"]["higher"], 0.005);
        }
        Assert.True(one.Requests > 0 && other.Requests > 0, $"{one.Requests} requests on one silo, {other.Requests} on the other");
        var customers = (await GrainCounts.ReadAsync(having[0]))["customer"];
        Assert.Equal(having.Select(s => s.Address).ToHashSet(), customers.Keys.ToHashSet());
        Assert.Equal(Customers, customers.Values.Sum());
        Assert.Equal(running.Select(s => s.Address).ToHashSet(), having[0].FindOffering("inference").ToHashSet());
    }

    [PostgresFact]
    public async Task Inference_silo_that_is_lost_under_load_holds_nobody_up_and_another_one_catches_up()
    {
        await using var cluster = await TestCluster.StartAsync("inference_loss", silos: 0);
        await cluster.AddSiloAsync(Shop);
        var lost = await cluster.AddSiloAsync(Running(new ScriptedEncoder(ScriptedEncoder.ModelOf("1"))));
        var counts = new ConcurrentDictionary<string, int>();
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 4).Select(sender => SendAsync(cluster.Engine, sender, counts, stop.Token)).ToList();
        await Waiting.UntilAsync(() => counts.Values.Sum() >= 200);
        await ReadAsync(cluster.Engine, "c1", whole: false);

        await cluster.KillAsync(lost);
        var before = counts.Values.Sum();
        await Waiting.UntilAsync(() => counts.Values.Sum() >= before + 2_000);
        await Waiting.UntilAsync(() => cluster.Engine.Health.Encoder is { State: "paused", Reason: not null });
        Assert.True(cluster.Engine.Health.Ready);
        await cluster.AddSiloAsync(Running(new ScriptedEncoder(ScriptedEncoder.ModelOf("1"))));
        before = counts.Values.Sum();
        await Waiting.UntilAsync(() => counts.Values.Sum() >= before + 200);
        await stop.CancelAsync();
        await Task.WhenAll(senders);

        foreach (var customer in counts.Keys)
        {
            Assert.Equal("scripted 1", (await ReadAsync(cluster.Engine, customer)).Model);
        }
    }

    [PostgresFact]
    public async Task Inference_silo_that_hangs_is_passed_by_and_asked_again()
    {
        await using var cluster = await TestCluster.StartAsync("inference_hang", silos: 0);
        await cluster.AddSiloAsync(Shop);
        var hanging = new ScriptedEncoder(ScriptedEncoder.ModelOf("1")) { Holds = true };
        var well = new ScriptedEncoder(ScriptedEncoder.ModelOf("1"));
        await cluster.AddSiloAsync(Running(hanging));
        for (var i = 0; i < Customers; i++)
        {
            Assert.Equal(TrackOutcome.Committed, (await cluster.Engine.TrackAsync([Events.Of($"c{i}", Events.Order("m1", i))]))[0].Outcome);
        }
        await Waiting.UntilAsync(() => cluster.Engine.Health.Encoder is { State: "paused" });

        await cluster.AddSiloAsync(Running(well));
        for (var i = 0; i < Customers; i++)
        {
            await ReadAsync(cluster.Engine, $"c{i}");
        }
        Assert.True(well.Requests >= Customers, $"{well.Requests} requests for {Customers} customers");

        var held = hanging.Requests;
        await hanging.ReleaseAsync();
        for (var n = 2; hanging.Requests == held; n++)
        {
            await cluster.Engine.TrackAsync([.. Enumerable.Range(0, Customers).Select(i => Events.Of($"c{i}", Events.Order($"m{n}", i)))]);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    [PostgresFact]
    public async Task Without_any_silo_that_runs_models_customers_go_by_features_and_health_says_so_until_one_joins()
    {
        await using var cluster = await TestCluster.StartAsync("inference_absent", silos: 0);
        await cluster.AddSiloAsync(Having(absentSeconds: 1));
        await Waiting.UntilAsync(() => cluster.Engine.Health.Encoder is { State: "none" });
        Assert.Equal("no silo runs models (role inference)", cluster.Engine.Health.Encoder!.Reason);
        for (var i = 0; i < Customers; i++)
        {
            Assert.Equal(TrackOutcome.Committed, (await cluster.Engine.TrackAsync([Events.Of($"c{i}", Events.Order("m1", i))]))[0].Outcome);
        }
        Assert.Null((await cluster.Engine.Customer("c0").GetAsync())!.Encoder);

        await cluster.AddSiloAsync(Running(new ScriptedEncoder(ScriptedEncoder.ModelOf("1"))));

        // Nothing comes that would wake them: they are found by their rows.
        await Waiting.UntilAsync(() => cluster.Engine.Health.Encoder is { State: "reading", Readings: >= Customers });
        Assert.Equal("scripted 1", (await ReadAsync(cluster.Engine, "c0")).Model);
    }

    private static SiloDuties Having(double absentSeconds) => new()
    {
        Models = new ScriptedModels(ScriptedEncoder.ModelOf("1")), Calls = new InferenceCallOptions { AbsentSeconds = absentSeconds },
    };

    private static SiloDuties Running(ScriptedEncoder encoder) => new()
    {
        Customers = false, Coordinator = false, Shop = false, Encoder = encoder, Models = new ScriptedModels(encoder.Model),
    };

    /// <summary>What the model said of a customer, once it has read everything, or, where events keep coming, something.</summary>
    private static async Task<EncoderView> ReadAsync(ISegmentationEngine engine, string customer, bool whole = true)
    {
        EncoderView? view = null;
        await Waiting.UntilAsync(async () => (view = (await engine.Customer(customer).GetAsync())?.Encoder) is not null && !(whole && view.Behind));
        return view!;
    }

    private static async Task SendAsync(ISegmentationEngine engine, int sender, ConcurrentDictionary<string, int> counts, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var customer = $"c{i % Customers}";
            var receipt = (await engine.TrackAsync([Events.Of(customer, Events.Order($"{sender}-{i}", 1))], CancellationToken.None))[0];
            Assert.Equal(TrackOutcome.Committed, receipt.Outcome);
            counts.AddOrUpdate(customer, 1, (_, count) => count + 1);
        }
    }
}
