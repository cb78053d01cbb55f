using System.Globalization;
using System.Reflection;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Engine;
using CustomerSegmentation.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <summary>
/// The same customers' states written and read again in two ways, in turn: as state of their grains by Orleans' grain storage on PostgreSQL, a commit each, with many
/// calls at once; and as checkpoints by the project's own storage, in bulk.
/// </summary>
internal sealed class StateComparison(PopulatedSchema shop, ServerLoad server, IHost silo)
{
    private static readonly int[] CallsAtOnce = [48, 256];

    private readonly IGrainFactory _grains = silo.Services.GetRequiredService<IGrainFactory>();
    private readonly StateSource _source = silo.Services.GetRequiredService<StateSource>();

    public static async Task RunAsync(int customers, int rounds)
    {
        var states = PopulatedSchema.Simulate(customers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{states.Count:N0} customers, {states.Values.Average(s => s.State.Sequence):N0} events each, a state of {states.Values.Average(s => s.State.ToBytes().Length):N0} bytes on average"));
        Console.WriteLine("| round | way | work | customers/s | own processor, µs | PostgreSQL's, µs | log, bytes | stored, bytes |");
        Console.WriteLine("|---|---|---|---:|---:|---:|---:|---:|");
        // The first round is there for the just-in-time compiler.
        for (var round = 0; round <= rounds; round++)
        {
            await using var schema = await BenchmarkSchema.CreateAsync();
            await using var storage = await PostgresStorage.OpenAsync(schema.Options, TimeProvider.System);
            var shop = await PopulatedSchema.CreateAsync(storage, states);
            await using var server = await ServerLoad.OpenAsync(schema.Options.ConnectionStringOfSchema());
            await server.ExecuteAsync(await ReadScriptAsync());
            using var silo = await StartSiloAsync(schema.Options, new StateSource(states.ToDictionary(s => s.Key, s => s.Value.State, StringComparer.Ordinal), storage));
            var comparison = new StateComparison(shop, server, silo);
            Func<string, Task>[] ways = [comparison.CheckpointsAsync, comparison.SnapshotsAsync, .. CallsAtOnce.Select(c => (Func<string, Task>)(r => comparison.GrainStatesAsync(r, c)))];
            for (var way = 0; way < ways.Length; way++)
            {
                await ways[(way + round) % ways.Length](round == 0 ? "warm-up" : round.ToString(CultureInfo.InvariantCulture));
            }

            await silo.StopAsync();
        }
    }

    /// <summary>Snapshot and profile row, as an engine's checkpoints write them: chunks of its default size, one built while another is written.</summary>
    private async Task CheckpointsAsync(string round)
    {
        await server.ExecuteAsync("TRUNCATE snapshot, profile, segment_total, flow");
        var actors = shop.CreateActors();
        async Task WriteAsync()
        {
            Task written = Task.CompletedTask;
            foreach (var chunk in actors.Chunk(new EngineOptions().CheckpointBatchMax))
            {
                var checkpoints = Array.ConvertAll(chunk, a => a.BuildCheckpoint());
                await written;
                written = shop.Storage.Customers.CheckpointAsync(checkpoints);
            }

            await written;
        }

        var (made, changed) = (await server.MeasureAsync(actors.Count, WriteAsync), await server.MeasureAsync(actors.Count, WriteAsync));
        Print(round, "checkpoints", "written first", made, null);
        Print(round, "checkpoints", "written again", changed, (await server.SizeAsync("snapshot"), await server.SizeAsync("profile")));
        foreach (var calls in CallsAtOnce)
        {
            await ActivateAsync(round, "checkpoints", calls, key => _grains.GetGrain<ILoadedCustomerGrain>(key).GetSequenceAsync());
        }
    }

    /// <summary>Snapshots alone, in the same chunks: what a grain storage could gain that gathers what grains write.</summary>
    private async Task SnapshotsAsync(string round)
    {
        await server.ExecuteAsync("TRUNCATE snapshot, profile, segment_total, flow");
        var actors = shop.CreateActors();
        await using var connection = new NpgsqlConnection(silo.Services.GetRequiredService<PostgresStorageOptions>().ConnectionStringOfSchema());
        await connection.OpenAsync();
        async Task StoreAsync((long Key, long Sequence, byte[] State)[] rows)
        {
            await using var command = new NpgsqlCommand(
                """
                INSERT INTO snapshot (customer, sequence, state) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])
                ON CONFLICT (customer) DO UPDATE SET sequence = excluded.sequence, state = excluded.state
                """, connection);
            command.Parameters.Add(new NpgsqlParameter { Value = Array.ConvertAll(rows, r => r.Key) });
            command.Parameters.Add(new NpgsqlParameter { Value = Array.ConvertAll(rows, r => r.Sequence) });
            command.Parameters.Add(new NpgsqlParameter { Value = Array.ConvertAll(rows, r => r.State) });
            await command.ExecuteNonQueryAsync();
        }

        async Task WriteAsync()
        {
            Task written = Task.CompletedTask;
            foreach (var chunk in actors.Chunk(new EngineOptions().CheckpointBatchMax))
            {
                var rows = Array.ConvertAll(chunk, a => (a.StorageKey, a.State.Sequence, a.State.ToBytes()));
                await written;
                written = StoreAsync(rows);
            }

            await written;
        }

        Print(round, "snapshots alone", "written first", await server.MeasureAsync(actors.Count, WriteAsync), null);
        Print(round, "snapshots alone", "written again", await server.MeasureAsync(actors.Count, WriteAsync), (await server.SizeAsync("snapshot"), 0));
    }

    private async Task GrainStatesAsync(string round, int calls)
    {
        await server.ExecuteAsync("TRUNCATE grain_state");
        await CollectAsync();
        // In memory before anything is written, as a customer is.
        await ForAllAsync(calls, key => _grains.GetGrain<IKeptCustomerGrain>(key).GetSequenceAsync());
        Task WriteAsync() => ForAllAsync(calls, key => _grains.GetGrain<IKeptCustomerGrain>(key).WriteAsync());
        var way = $"grain storage, {calls} at once";
        var (made, changed) = (await server.MeasureAsync(shop.Ids.Count, WriteAsync), await server.MeasureAsync(shop.Ids.Count, WriteAsync));
        Print(round, way, "written first", made, null);
        Print(round, way, "written again", changed, (await server.SizeAsync("grain_state"), 0));
        await ActivateAsync(round, way, calls, key => _grains.GetGrain<IKeptCustomerGrain>(key).GetSequenceAsync());
    }

    /// <summary>Every grain anew, each with its state; and what they are in managed memory then.</summary>
    private async Task ActivateAsync(string round, string way, int calls, Func<string, Task<long>> ask)
    {
        await CollectAsync();
        var before = await ClusterMemory.SettleAsync();
        _source.TakeActivations();
        var figures = await server.MeasureAsync(shop.Ids.Count, () => ForAllAsync(calls, async key =>
        {
            if (await ask(key) != _source.StateOf(key).Sequence)
            {
                throw new InvalidOperationException($"{key} is not what was written.");
            }
        }));
        if (_source.TakeActivations() != shop.Ids.Count)
        {
            throw new InvalidOperationException("Grains were in memory already.");
        }

        Print(round, way, $"activated, {calls} at once", figures, null);
        var bytes = (await ClusterMemory.SettleAsync() - before) / shop.Ids.Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round} | {way} | in memory | {bytes:N0} bytes a customer | | | | |"));
    }

    private Task CollectAsync() => _grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    private Task ForAllAsync(int calls, Func<string, Task> call) => Parallel.ForEachAsync(
        shop.Ids, new ParallelOptions { MaxDegreeOfParallelism = calls }, async (id, _) => await call(StateSource.Prefix + id));

    private void Print(string round, string way, string work, WorkFigures figures, (long First, long Second)? bytes) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {round} | {way} | {work} | {figures.Rate:N0} | {figures.OwnMicros:N0} | {figures.ServerMicros:N0} | {figures.LogBytes:N0} | {Stored(bytes)} |"));

    private string Stored((long First, long Second)? bytes) => bytes is not { } b ? ""
        : b.Second == 0 ? string.Create(CultureInfo.InvariantCulture, $"{b.First / shop.Ids.Count:N0}")
        : string.Create(CultureInfo.InvariantCulture, $"{b.First / shop.Ids.Count:N0} + {b.Second / shop.Ids.Count:N0}");

    private static async Task<string> ReadScriptAsync()
    {
        using var script = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("grain-state.sql")!);
        return await script.ReadToEndAsync();
    }

    private static async Task<IHost> StartSiloAsync(PostgresStorageOptions options, StateSource source)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(source);
        builder.Services.AddSingleton(options);
        builder.UseOrleans(orleans => orleans
            .UseLocalhostClustering(LocalCluster.FreePort(), LocalCluster.FreePort())
            .AddAdoNetGrainStorage(KeptCustomerGrain.Storage, o =>
            {
                // What makes the driver fastest for short statements on pooled connections.
                o.ConnectionString = options.ConnectionStringOfSchema() + ";No Reset On Close=true;Max Auto Prepare=20";
                (o.Invariant, o.GrainStorageSerializer) = ("Npgsql", new HeldStateSerializer());
            }));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
