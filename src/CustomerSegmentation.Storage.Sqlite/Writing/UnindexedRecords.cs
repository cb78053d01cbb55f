namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>
/// Where the records lie that the database's index does not know yet, by customer. Two lists: what is appended goes to the younger one, while the
/// older one is written into the index in the order of its key. A reader asks here first and the database after: an entry is here until it is there.
/// The writer thread changes it, any thread reads.
/// </summary>
internal sealed class UnindexedRecords
{
    private readonly Lock _gate = new();
    private RecordList _young = new();
    private RecordList _old = new();
    private long _position;

    /// <summary>Records in the younger list. For the writer thread.</summary>
    public int YoungCount => _young.Count;

    /// <summary>What is being written into the index. For the writer thread.</summary>
    public RecordList Old => _old;

    /// <summary>Position of the last committed record.</summary>
    public long Position
    {
        get
        {
            lock (_gate)
            {
                return _position;
            }
        }
    }

    /// <summary>The customer's last record; null when it has none here.</summary>
    public RecordPlace? Last(long customer)
    {
        lock (_gate)
        {
            return _young.Last(customer) ?? _old.Last(customer);
        }
    }

    /// <summary>The customer's records in sequence order. All others of the customer begin below the first of them.</summary>
    public List<RecordPlace> Of(long customer)
    {
        var places = new List<RecordPlace>();
        lock (_gate)
        {
            _young.CopyBackwards(customer, places);
            _old.CopyBackwards(customer, places);
        }

        places.Reverse();
        return places;
    }

    /// <summary>Everybody's records in the order of customers and sequence numbers, and the position of the last committed record.</summary>
    public (List<RecordPlace> Places, long Position) All()
    {
        var places = new List<RecordPlace>();
        long position;
        lock (_gate)
        {
            _old.CopyTo(places);
            _young.CopyTo(places);
            position = _position;
        }

        places.Sort((a, b) => a.Compare(b.Customer, b.FirstSequence));
        return (places, position);
    }

    /// <summary>Whether the index knows every record up to a position. For the writer thread.</summary>
    public bool IsIndexed(long position) =>
        (_old.Count == 0 || _old[0].Position > position) && (_young.Count == 0 || _young[0].Position > position);

    /// <summary>Adds records that were committed.</summary>
    public void Add(List<RecordPlace> places)
    {
        lock (_gate)
        {
            foreach (var place in places)
            {
                _young.Add(place);
                _position = place.Position;
            }
        }
    }

    /// <summary>Makes the younger list the older one, which is empty.</summary>
    public void TurnOver()
    {
        lock (_gate)
        {
            (_young, _old) = (_old, _young);
        }
    }

    /// <summary>Forgets the older list: the index knows its records.</summary>
    public void ForgetOld()
    {
        lock (_gate)
        {
            _old.Clear();
        }
    }

    /// <summary>Forgets everything: the index knows every record up to a position.</summary>
    public void Reset(long position)
    {
        lock (_gate)
        {
            _old = new RecordList();
            _young = new RecordList();
            _position = position;
        }
    }
}
