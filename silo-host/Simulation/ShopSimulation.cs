using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>
/// A simulated shop: visitors with hidden types view, search, add, order, return and review, with sessions, seasons and drift. Pure: the same options give
/// the same events, in the order of their times.
/// </summary>
public sealed class ShopSimulation
{
    private readonly Catalogue _catalogue;
    private readonly Visitor[] _visitors;
    private readonly PriorityQueue<int, (long TimeMs, int Visitor)> _sessions = new();
    private readonly PriorityQueue<SimulatedEvent, (long TimeMs, long Number)> _events = new();
    private readonly string _messagePrefix;
    private long _number;

    /// <exception cref="ArgumentOutOfRangeException">There are no customers, or the history has no days.</exception>
    public ShopSimulation(SimulationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Customers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.HistoryDays, 0);
        _catalogue = new Catalogue(options.Seed);
        _messagePrefix = $"sim-{options.Seed:x}-{options.Start.ToUnixTimeMilliseconds():x}";
        _visitors = new Visitor[options.Customers];
        for (var index = 0; index < _visitors.Length; index++)
        {
            _visitors[index] = new Visitor(index, options, _catalogue.CategoryCount);
            _sessions.Enqueue(index, (_visitors[index].NextSessionMs, index));
        }
    }

    /// <summary>The events, without end. To be read once.</summary>
    public IEnumerable<SimulatedEvent> Events()
    {
        while (true)
        {
            _sessions.TryPeek(out var next, out var session);
            while (_events.TryPeek(out _, out var earliest) && earliest.TimeMs <= session.TimeMs)
            {
                yield return _events.Dequeue();
            }

            _sessions.Dequeue();
            var visitor = _visitors[next];
            Visit(visitor, session.TimeMs);
            visitor.Advance(session.TimeMs);
            _sessions.Enqueue(next, (visitor.NextSessionMs, next));
        }
    }

    /// <summary>The hidden types as they are where <see cref="Events"/> stands; only visitors who have come already.</summary>
    public IEnumerable<VisitorTruth> Truth() =>
        from visitor in _visitors
        where visitor.Sessions > 0
        select new VisitorTruth(visitor.Id, visitor.Type, DateTimeOffset.FromUnixTimeMilliseconds(visitor.SinceMs));

    private void Visit(Visitor visitor, long startMs)
    {
        visitor.Sessions++;
        var visit = new ShopVisit(visitor, _catalogue, startMs, $"{visitor.Id}-{visitor.Sessions}", Emit);
        visit.Run();
    }

    private void Emit(Visitor visitor, long timeMs, Func<string, CustomerEvent> build)
    {
        var id = $"{_messagePrefix}-{visitor.Id}-{++visitor.Events}";
        _events.Enqueue(new SimulatedEvent(visitor.Id, build(id)), (timeMs, ++_number));
    }
}
