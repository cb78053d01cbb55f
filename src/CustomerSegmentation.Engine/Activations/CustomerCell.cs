using CustomerSegmentation.Actors.Customers;

namespace CustomerSegmentation.Engine.Activations;

/// <summary>The place of one customer in memory. Everything but the id is touched only inside a turn, unless said otherwise.</summary>
internal sealed class CustomerCell(string customerId) : TurnGate
{
    private volatile bool _removed;

    public string CustomerId { get; } = customerId;

    /// <summary>The activation; null until loaded, and after one was thrown away.</summary>
    public CustomerActor? Actor { get; set; }

    /// <summary>The customer was erased: nothing is taken.</summary>
    public bool Erased { get; set; }

    /// <summary>The cell has left the directory: whoever still holds it looks the customer up again.</summary>
    public bool Removed => _removed;

    /// <summary>The directory's round in which the cell was last used. Read without a turn.</summary>
    public int LastUsed { get; set; }

    /// <summary>Bytes that the directory counts for this cell.</summary>
    public int CountedBytes { get; set; }

    /// <summary>Which checkpoint queue holds the cell.</summary>
    public CheckpointQueue Queued { get; set; }

    /// <summary>Notes that the cell leaves the directory; true for the first who says so.</summary>
    public bool TryLeave() => !Interlocked.Exchange(ref _removed, true);

    internal enum CheckpointQueue : byte
    {
        None,
        Later,
        Soon,
    }
}
