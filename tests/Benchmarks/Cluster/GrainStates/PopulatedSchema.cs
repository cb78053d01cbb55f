using CustomerSegmentation.Actors.Audiences;
using CustomerSegmentation.Actors.Clock;
using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.SiloHost.Simulation;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <summary>A storage whose journal has the events of simulated customers, and no snapshot.</summary>
internal sealed class PopulatedSchema
{
    private readonly IReadOnlyList<(CustomerState State, long Key)> _customers;

    private PopulatedSchema(IStorage storage, IReadOnlyList<(CustomerState State, long Key)> customers)
    {
        (Storage, _customers) = (storage, customers);
        Ids = [.. customers.Select(c => c.State.CustomerId)];
    }

    public IStorage Storage { get; }

    public IReadOnlyList<string> Ids { get; }

    /// <summary>Customers of the simulated shop after 90 days, with the events that made them.</summary>
    public static IReadOnlyDictionary<string, (CustomerState State, IReadOnlyList<CustomerEvent> Events)> Simulate(int customers)
    {
        var now = TimeProvider.System.GetUtcNow();
        var options = new SimulationOptions { Customers = customers, HistoryDays = 90, Start = now.AddDays(-90) };
        var all = new Dictionary<string, (CustomerState State, IReadOnlyList<CustomerEvent> Events)>(StringComparer.Ordinal);
        foreach (var (id, events) in new ShopSimulation(options).Events().TakeWhile(e => e.Event.TimestampMs < now.ToUnixTimeMilliseconds())
            .GroupBy(e => e.CustomerId, e => e.Event, StringComparer.Ordinal).Select(g => (g.Key, g.ToList())))
        {
            var state = new CustomerState(id);
            events.ForEach(state.Apply);
            all.Add(id, (state, events));
        }

        return all;
    }

    public static async Task<PopulatedSchema> CreateAsync(
        IStorage storage, IReadOnlyDictionary<string, (CustomerState State, IReadOnlyList<CustomerEvent> Events)> customers)
    {
        var appends = new List<(CustomerState State, JournalAppend Append)>(customers.Count);
        foreach (var (id, (state, events)) in customers)
        {
            var append = new JournalAppend(
                id, 0, 1, events.Count, EventCodec.Encode(events, 0, events.Count), events.Min(e => e.TimestampMs), events.Max(e => e.TimestampMs));
            while (storage.Journal.TryAppend(append) != AppendResult.Queued)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }

            appends.Add((state, append));
        }

        foreach (var (_, append) in appends)
        {
            await append.Completion;
        }

        return new PopulatedSchema(storage, appends.ConvertAll(a => (a.State, a.Append.CustomerKey)));
    }

    /// <summary>Everybody as an engine has them in memory.</summary>
    public IReadOnlyList<CustomerActor> CreateActors()
    {
        var services = new CustomerActorServices
        {
            Journal = Storage.Journal, Clock = new ShopClock(TimeProvider.System, TimeSpan.FromDays(7)), Segmentation = new ActiveSegmentationCell(),
            Audiences = new ActiveAudiences(),
        };
        return [.. _customers.Select(c => new CustomerActor(services, c.State, c.Key))];
    }
}
