namespace CustomerSegmentation.Crash.Tests.Load;

/// <summary>What the service has promised: every event that it acknowledged. Written by many clients.</summary>
internal sealed class Ledger
{
    private readonly Lock _gate = new();
    private readonly List<SentEvent> _acknowledged = [];
    private readonly Dictionary<string, int> _counts = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged.Count;
            }
        }
    }

    public void Acknowledge(IReadOnlyList<SentEvent> events)
    {
        lock (_gate)
        {
            _acknowledged.AddRange(events);
            foreach (var e in events)
            {
                _counts[e.CustomerId] = _counts.GetValueOrDefault(e.CustomerId) + 1;
            }
        }
    }

    /// <summary>All of them, by customer.</summary>
    public Dictionary<string, List<SentEvent>> ByCustomer()
    {
        lock (_gate)
        {
            return _acknowledged.GroupBy(e => e.CustomerId).ToDictionary(g => g.Key, g => g.ToList());
        }
    }

    /// <summary>How many events of a customer are acknowledged by now.</summary>
    public int CountOf(string customerId)
    {
        lock (_gate)
        {
            return _counts.GetValueOrDefault(customerId);
        }
    }

    /// <summary>One acknowledged event after the other, from a random one on; fewer than asked for when there are fewer.</summary>
    public List<SentEvent> Some(int count, Random random)
    {
        lock (_gate)
        {
            count = Math.Min(count, _acknowledged.Count);
            return _acknowledged.GetRange(random.Next(_acknowledged.Count - count + 1), count);
        }
    }
}
