using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Counting;

/// <summary>
/// The heaviest names of a stream by the Space-Saving algorithm (Metwally, Agrawal, El Abbadi 2005), weighted: a newcomer takes the place of the lightest
/// name and inherits its weight. Exact, and so independent of order, while there are no more names than places. Names count by their first
/// <see cref="NamePool.LengthMax"/> characters.
/// </summary>
internal struct FrequentNames
{
    private Entry[]? _entries;
    private int _count;
    private ulong _total;

    /// <summary>Weight of the whole stream.</summary>
    public readonly ulong Total => _total;

    public readonly int Count => _count;

    public readonly int EstimatedBytes => _entries is null ? 0 : 24 + (_entries.Length * 16);

    public void Add(string name, uint weight, int capacity) => Add(name, StableHash.Of(name), weight, capacity);

    /// <param name="name">The name.</param>
    /// <param name="nameHash">Its <see cref="StableHash"/>.</param>
    /// <param name="weight">What it adds.</param>
    /// <param name="capacity">Places; the same at each call.</param>
    public void Add(string name, ulong nameHash, uint weight, int capacity)
    {
        _total += weight;
        var key = name.AsSpan(0, BoundedLength(name));
        var keyHash = key.Length == name.Length ? nameHash : StableHash.Of(key);
        var hash = (uint)keyHash;
        for (var i = 0; i < _count; i++)
        {
            ref var entry = ref _entries![i];
            if (entry.Hash == hash && key.SequenceEqual(entry.Name))
            {
                entry.Weight += weight;
                return;
            }
        }

        ref var place = ref Place(capacity, out var inherited);
        place = new Entry { Name = NamePool.Share(NamePool.Bound(name), keyHash), Hash = hash, Weight = inherited + weight };
    }

    /// <summary>Weight of the heaviest name, and the entropy of the kept weights in nats: -Σ p ln p.</summary>
    public readonly (double Heaviest, double Entropy) Shape()
    {
        double sum = 0, heaviest = 0, plogp = 0;
        foreach (ref readonly var entry in Entries)
        {
            sum += entry.Weight;
            heaviest = Math.Max(heaviest, entry.Weight);
            plogp += entry.Weight * Math.Log(entry.Weight);
        }

        return sum > 0 ? (heaviest, Math.Max(0, Math.Log(sum) - (plogp / sum))) : (0, 0);
    }

    /// <summary>Names with weights, heaviest first, equals by name.</summary>
    public readonly List<(string Name, double Weight)> Heaviest(int max)
    {
        var names = new List<(string Name, double Weight)>(_count);
        foreach (ref readonly var entry in Entries)
        {
            names.Add((entry.Name, entry.Weight));
        }

        names.Sort(static (a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : string.CompareOrdinal(a.Name, b.Name));
        if (names.Count > max)
        {
            names.RemoveRange(max, names.Count - max);
        }

        return names;
    }

    public readonly FrequentNamesRecord? ToRecord()
    {
        if (_count == 0)
        {
            return null;
        }

        var record = new FrequentNamesRecord { Total = _total };
        foreach (ref readonly var entry in Entries)
        {
            record.Names.Add(new NamedWeightRecord { Name = entry.Name, Weight = entry.Weight });
        }

        return record;
    }

    public static FrequentNames FromRecord(FrequentNamesRecord? record, int capacity)
    {
        var names = default(FrequentNames);
        if (record is null)
        {
            return names;
        }

        foreach (var name in record.Names)
        {
            ref var place = ref names.Place(capacity, out _);
            place = new Entry { Name = NamePool.Share(name.Name), Hash = (uint)StableHash.Of(name.Name), Weight = name.Weight };
        }

        names._total = record.Total;
        return names;
    }

    private readonly ReadOnlySpan<Entry> Entries => _entries.AsSpan(0, _count);

    /// <summary>The place for a new name: a free one, or that of the lightest, whose weight the newcomer inherits.</summary>
    private ref Entry Place(int capacity, out uint inherited)
    {
        inherited = 0;
        if (_count < capacity)
        {
            if (_entries is null || _count == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Min(capacity, Math.Max(2, _count * 2)));
            }

            return ref _entries[_count++];
        }

        var lightest = 0;
        for (var i = 1; i < _count; i++)
        {
            if (_entries![i].Weight < _entries[lightest].Weight)
            {
                lightest = i;
            }
        }

        inherited = _entries![lightest].Weight;
        return ref _entries[lightest];
    }

    private static int BoundedLength(string name) =>
        name.Length <= NamePool.LengthMax ? name.Length
        : char.IsHighSurrogate(name[NamePool.LengthMax - 1]) ? NamePool.LengthMax - 1
        : NamePool.LengthMax;

    private struct Entry
    {
        public string Name;
        public uint Hash;
        public uint Weight;
    }
}
