namespace CustomerSegmentation.Engine.Activations;

/// <summary>
/// Who is in memory, bounded in number and bytes. Leaving follows the clock algorithm (second chance): whoever was used since the hand last
/// passed stays for another round.
/// </summary>
internal sealed class ActivationDirectory(int customersMax, long bytesMax, ICellPlaces places)
{
    /// <summary>What a cell costs beside the customer's state: cell, directory entry, actor, queue entry.</summary>
    private const int CellBytes = 420;

    /// <summary>Part of the limits at which leaving begins; the rest is room for those who come while others leave.</summary>
    private const double LeavingFrom = 0.8;

    /// <summary>Cells that the hand passes for each one it may pick: bounds a round's work.</summary>
    private const int LooksPerPick = 8;

    private readonly Queue<CustomerCell> _hand = new();
    private long _bytes;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Estimated bytes of all customers in memory.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Grows with each round of background work; stamps who was used when.</summary>
    public int Round { get; set; }

    /// <summary>Room gets scarce: whoever is not in use leaves.</summary>
    public bool IsCrowded => Count > customersMax * LeavingFrom || Bytes > bytesMax * LeavingFrom;

    /// <summary>No room for another customer: leaving could not keep up.</summary>
    public bool IsFull => Count >= customersMax || Bytes >= bytesMax;

    public CustomerCell? Find(string customerId) => places.Find(customerId);

    /// <summary>The customer's cell, made if need be; null when there is no room for another, or the customer belongs to another process.</summary>
    /// <param name="customerId">Who.</param>
    /// <param name="beyondLimits">Makes room in any case.</param>
    public CustomerCell? GetOrAdd(string customerId, bool beyondLimits = false)
    {
        if (places.Find(customerId) is { } found)
        {
            return found;
        }
        if ((IsFull && !beyondLimits) || places.GetOrAdd(customerId, out var added) is not { } cell)
        {
            return null;
        }
        if (added)
        {
            cell.LastUsed = Round;
            Interlocked.Increment(ref _count);
            lock (_hand)
            {
                _hand.Enqueue(cell);
            }
            if (!places.Admits(customerId))
            {
                // It went elsewhere at this moment: what stayed here would grow old.
                Remove(cell);
                return null;
            }
        }
        return cell;
    }

    /// <summary>Brings the count of bytes up to date after a turn. Call inside the turn.</summary>
    public void Account(CustomerCell cell)
    {
        cell.LastUsed = Round;
        var bytes = cell.Actor is { } actor ? CellBytes + actor.State.EstimatedBytes : 0;
        if (bytes != cell.CountedBytes)
        {
            Interlocked.Add(ref _bytes, bytes - cell.CountedBytes);
            cell.CountedBytes = bytes;
        }
    }

    /// <summary>Takes a cell out. Call inside its turn.</summary>
    public void Remove(CustomerCell cell)
    {
        var leaves = cell.TryLeave();
        cell.Actor = null;
        Interlocked.Add(ref _bytes, -cell.CountedBytes);
        cell.CountedBytes = 0;
        places.Remove(cell);
        if (leaves)
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Moves the hand and picks those who may leave: where room is scarce whoever was not used in this round, else whoever was idle for long.</summary>
    /// <param name="into">Takes the candidates; they leave the hand and come back by <see cref="Keep"/> or are removed.</param>
    /// <param name="max">How many to pick at most.</param>
    /// <param name="idleRounds">Rounds without a turn after which a customer leaves in any case.</param>
    public void PickLeaving(List<CustomerCell> into, int max, int idleRounds)
    {
        lock (_hand)
        {
            var crowded = IsCrowded;
            for (var looks = Math.Min(_hand.Count, max * LooksPerPick); looks > 0 && into.Count < max; looks--)
            {
                var cell = _hand.Dequeue();
                var unused = Round - cell.LastUsed;
                if (cell.Removed)
                {
                    continue;
                }
                if (unused > idleRounds || (crowded && unused > 0))
                {
                    into.Add(cell);
                }
                else
                {
                    _hand.Enqueue(cell);
                }
            }
        }
    }

    /// <summary>Puts a picked cell back.</summary>
    public void Keep(CustomerCell cell)
    {
        lock (_hand)
        {
            _hand.Enqueue(cell);
        }
    }
}
