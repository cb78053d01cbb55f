using System.Globalization;
using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Embedded;
using CustomerSegmentation.Inference;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.Onnx;
using CustomerSegmentation.Learning.Evaluation;
using CustomerSegmentation.SiloHost.Simulation;
using CustomerSegmentation.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Benchmarks.Encoders;

/// <summary>
/// How well segments on features, on embeddings and on both agree with the hidden types of the simulated shop: the adjusted Rand index over the same customers,
/// read by the shipped model, with the number of segments that the service chooses and with as many as there are types. Each seed is a shop of its own:
/// <c>spaces [customers [seeds]]</c>.
/// </summary>
internal static class SpaceComparison
{
    private const int HistoryDays = 90;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly int?[] Counts = [null, Enum.GetValues<VisitorType>().Length];

    public static async Task RunAsync(string[] args)
    {
        var customers = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2_000;
        var seeds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        var scores = new Dictionary<(SegmentationSpaceKind Space, bool Chosen), List<double>>();
        Console.WriteLine("| seed | space | segments chosen | adjusted Rand index | with 8 segments |\n|---|---|---:|---:|---:|");
        for (var seed = 1; seed <= seeds; seed++)
        {
            await using var shop = await Shop.OpenAsync(customers, seed);
            foreach (var space in Enum.GetValues<SegmentationSpaceKind>())
            {
                var found = new List<(int Segments, double Score)>();
                foreach (var count in Counts)
                {
                    found.Add(await shop.ScoreAsync(space, count));
                    var key = (space, count is null);
                    (scores.TryGetValue(key, out var list) ? list : scores[key] = []).Add(found[^1].Score);
                }

                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {seed} | {space} | {found[0].Segments} | {found[0].Score:F3} | {found[1].Score:F3} |"));
            }
        }

        foreach (var space in Enum.GetValues<SegmentationSpaceKind>())
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| mean | {space} | | {scores[(space, true)].Average():F3} | {scores[(space, false)].Average():F3} |"));
        }
    }

    /// <summary>A simulated shop whose customers the shipped model has read.</summary>
    private sealed class Shop(
        string folder, ModelRegistry encoder, SqliteStorage storage, EmbeddedEngine engine, EngineOptions options, Dictionary<string, VisitorType> types) : IAsyncDisposable
    {
        public static async Task<Shop> OpenAsync(int customers, int seed)
        {
            var folder = Directory.CreateTempSubdirectory("spaces-benchmark-").FullName;
            var inference = new InferenceOptions();
            var encoder = new ModelRegistry(OnnxRuntime.Load(inference), inference, TimeProvider.System, NullLogger<ModelRegistry>.Instance);
            var model = await encoder.LoadAsync(new FolderModelSource(Path.Combine(AppContext.BaseDirectory, "models")), "default.json");
            encoder.Activate(model.Id);
            var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = Path.Combine(folder, "shop.db") }, TimeProvider.System);
            var options = new EngineOptions { ScheduleSegmentations = false, IdleSeconds = 86_400 };
            var engine = await EmbeddedEngine.StartAsync(storage, options, TimeProvider.System, NullLoggerFactory.Instance, TaskScheduler.Default, encoder);
            var types = await FillAsync(engine, customers, seed);
            while (engine.Encoding is { Waiting: > 0 } or { IsSweeping: true })
            {
                await Task.Delay(Look, TimeProvider.System);
            }

            // The last ones are on their way.
            await Task.Delay(5 * Look, TimeProvider.System);
            return new Shop(folder, encoder, storage, engine, options, types);
        }

        /// <summary>How many segments there are, and their agreement with the types.</summary>
        public async Task<(int Segments, double Score)> ScoreAsync(SegmentationSpaceKind space, int? count)
        {
            options.Segmentation.Space = space;
            var started = await engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = count });
            SegmentationView view;
            while ((view = (await engine.Coordinator.GetAsync(started.Version))!).Status != SegmentationStatus.Active)
            {
                if (view.Status is SegmentationStatus.Failed or SegmentationStatus.Cancelled)
                {
                    throw new InvalidOperationException($"re-clustering: {view.Status}");
                }

                await Task.Delay(Look, TimeProvider.System);
            }

            if (view.Note is { } note)
            {
                throw new InvalidOperationException(note);
            }

            await engine.FlushAsync();
            var labels = new Dictionary<string, int>(StringComparer.Ordinal);
            var (hidden, found) = (new List<int>(), new List<int>());
            string? cursor = null;
            do
            {
                var page = await engine.ListCustomersAsync(null, cursor, 1_000);
                foreach (var customer in page.Items)
                {
                    hidden.Add((int)types[customer.Id]);
                    var key = customer.Segment ?? throw new InvalidOperationException($"{customer.Id} has no segment");
                    found.Add(labels.TryGetValue(key, out var label) ? label : labels[key] = labels.Count);
                }

                cursor = page.Next;
            }
            while (cursor is not null);
            return (labels.Count, AdjustedRandIndex.Score(hidden.ToArray(), found.ToArray()));
        }

        public async ValueTask DisposeAsync()
        {
            await engine.DisposeAsync();
            await storage.DisposeAsync();
            await encoder.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        private static async Task<Dictionary<string, VisitorType>> FillAsync(EmbeddedEngine engine, int customers, int seed)
        {
            var now = TimeProvider.System.GetUtcNow();
            var simulation = new ShopSimulation(new SimulationOptions { Customers = customers, Seed = seed, HistoryDays = HistoryDays, Start = now.AddDays(-HistoryDays) });
            foreach (var chunk in simulation.Events().TakeWhile(e => e.Event.TimestampMs < now.ToUnixTimeMilliseconds()).Chunk(2_000))
            {
                var receipts = await engine.TrackAsync([.. chunk.Select(e => new TrackRequest { CustomerId = e.CustomerId, Events = [e.Event] })]);
                if (receipts.Any(r => r.Outcome != TrackOutcome.Committed))
                {
                    throw new InvalidOperationException("not committed");
                }
            }

            return simulation.Truth().ToDictionary(v => v.CustomerId, v => v.Type, StringComparer.Ordinal);
        }
    }
}
