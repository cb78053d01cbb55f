namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>The property names of one object, to find repeated ones. Emptied in constant time and used again; names are ranges of the body.</summary>
internal sealed class NameSet
{
    private Entry[] _entries = new Entry[128];
    private int _count;
    private int _generation = 1;

    public void Clear()
    {
        _count = 0;
        if (++_generation == int.MaxValue)
        {
            Array.Clear(_entries);
            _generation = 1;
        }
    }

    /// <summary>Adds a name; false when it is there already.</summary>
    public bool Add(ReadOnlySpan<byte> body, int start, int length)
    {
        if (_count * 2 >= _entries.Length)
        {
            Grow();
        }

        var name = body.Slice(start, length);
        var hash = Utf8Hash.Compute(name);
        var mask = (uint)_entries.Length - 1;
        var slot = hash & mask;
        while (_entries[slot].Generation == _generation)
        {
            ref var entry = ref _entries[slot];
            if (entry.Hash == hash && entry.Length == length && name.SequenceEqual(body.Slice(entry.Start, length)))
            {
                return false;
            }

            slot = (slot + 1) & mask;
        }

        _entries[slot] = new Entry(hash, start, length, _generation);
        _count++;
        return true;
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new Entry[old.Length * 2];
        var mask = (uint)_entries.Length - 1;
        foreach (var entry in old)
        {
            if (entry.Generation != _generation)
            {
                continue;
            }

            var slot = entry.Hash & mask;
            while (_entries[slot].Generation == _generation)
            {
                slot = (slot + 1) & mask;
            }

            _entries[slot] = entry;
        }
    }

    private readonly record struct Entry(uint Hash, int Start, int Length, int Generation);
}
