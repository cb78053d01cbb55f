using System.Runtime.InteropServices;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Places of records in the order of their positions, each linked to its customer's one before.</summary>
internal sealed class RecordList
{
    private const int CapacityAtFirst = 256;
    private const int None = -1;

    private readonly Dictionary<long, int> _last = [];
    private RecordPlace[] _places = new RecordPlace[CapacityAtFirst];
    private int[] _previous = new int[CapacityAtFirst];

    public int Count { get; private set; }

    public RecordPlace this[int index] => _places[index];

    public void Add(RecordPlace place)
    {
        if (Count == _places.Length)
        {
            // By a quarter: the lists stay in memory, and a last doubling would leave half of them empty.
            Array.Resize(ref _places, Count + (Count / 4));
            Array.Resize(ref _previous, _places.Length);
        }

        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, place.Customer, out var known);
        _previous[Count] = known ? last : None;
        last = Count;
        _places[Count++] = place;
    }

    /// <summary>The customer's last record; null when there is none.</summary>
    public RecordPlace? Last(long customer) => _last.TryGetValue(customer, out var last) ? _places[last] : null;

    /// <summary>Adds a customer's records to others, newest first.</summary>
    public void CopyBackwards(long customer, List<RecordPlace> into)
    {
        for (var i = _last.GetValueOrDefault(customer, None); i != None; i = _previous[i])
        {
            into.Add(_places[i]);
        }
    }

    public void CopyTo(List<RecordPlace> into) => into.AddRange(_places.AsSpan(0, Count));

    /// <summary>The numbers of the records in the order of customers and sequence numbers. The list may be read meanwhile, not written.</summary>
    public int[] Order()
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) => _places[a].Compare(_places[b].Customer, _places[b].FirstSequence));
        return order;
    }

    /// <summary>Forgets everything, and keeps the memory for the next records.</summary>
    public void Clear()
    {
        _last.Clear();
        Count = 0;
    }
}
