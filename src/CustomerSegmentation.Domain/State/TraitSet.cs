using System.Globalization;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State.Schema;
using Google.Protobuf.Collections;

namespace CustomerSegmentation.Domain.State;

/// <summary>
/// What is known of the person: for each trait the value with the latest event time, of equal times the one applied last. A removed trait leaves its time
/// behind, so that an older value coming late does not bring it back.
/// </summary>
public sealed class TraitSet
{
    /// <summary>Traits that are kept; beyond it the one that was set longest ago leaves.</summary>
    public const int Capacity = 64;

    // Values up to this length (countries, plans, flags) repeat between customers.
    private const int SharedValueLengthMax = 16;

    private Entry[] _entries = [];
    private int _count;

    /// <summary>Traits that have a value.</summary>
    public int Count
    {
        get
        {
            var present = 0;
            foreach (ref readonly var entry in _entries.AsSpan(0, _count))
            {
                present += entry.Value is null ? 0 : 1;
            }

            return present;
        }
    }

    /// <summary>Present traits by name; a copy.</summary>
    public IReadOnlyDictionary<string, string> Values
    {
        get
        {
            var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (ref readonly var entry in _entries.AsSpan(0, _count))
            {
                if (entry.Value is not null)
                {
                    values.Add(entry.Name, entry.Value);
                }
            }

            return values;
        }
    }

    internal int EstimatedBytes
    {
        get
        {
            var bytes = 32 + (_entries.Length == 0 ? 0 : 24 + (_entries.Length * 24));
            foreach (ref readonly var entry in _entries.AsSpan(0, _count))
            {
                bytes += entry.Value is { Length: > SharedValueLengthMax } own ? 22 + (2 * own.Length) : 0;
                bytes += entry.Name.Length > NamePool.LengthMax ? 22 + (2 * entry.Name.Length) : 0;
            }

            return bytes;
        }
    }

    /// <summary>The trait's text, or null.</summary>
    public string? Find(string name)
    {
        var index = IndexOf(name);
        return index < 0 ? null : _entries[index].Value;
    }

    /// <summary>The trait's number (1 and 0 for <c>true</c> and <c>false</c>), or null when it is absent or no finite number.</summary>
    public double? FindNumber(string name) => Find(name) switch
    {
        null => null,
        "true" => 1,
        "false" => 0,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    /// <summary>Takes the traits of an event.</summary>
    internal void Apply(IReadOnlyList<Trait> traits, long timeMs)
    {
        timeMs = EventTime.Clamp(timeMs);
        for (var i = 0; i < traits.Count; i++)
        {
            Set(traits[i].Name, traits[i].Value, timeMs);
        }
    }

    internal void Write(RepeatedField<TraitEntryRecord> record)
    {
        foreach (ref readonly var entry in _entries.AsSpan(0, _count))
        {
            var written = new TraitEntryRecord { Name = entry.Name, TimeMs = entry.TimeMs };
            if (entry.Value is not null)
            {
                written.Value = entry.Value;
            }

            record.Add(written);
        }
    }

    internal void Read(RepeatedField<TraitEntryRecord> record)
    {
        foreach (var entry in record)
        {
            Set(entry.Name, entry.HasValue ? entry.Value : null, entry.TimeMs);
        }
    }

    private void Set(string name, string? value, long timeMs)
    {
        var index = IndexOf(name);
        if (index < 0)
        {
            index = Place(timeMs);
            if (index < 0)
            {
                return;
            }

            _entries[index].Name = NamePool.Share(name);
        }
        else if (timeMs < _entries[index].TimeMs)
        {
            return;
        }

        _entries[index].TimeMs = timeMs;
        if (!string.Equals(_entries[index].Value, value, StringComparison.Ordinal))
        {
            _entries[index].Value = value is { Length: <= SharedValueLengthMax } ? NamePool.Share(value) : value;
        }
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < _count; i++)
        {
            if (string.Equals(_entries[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A place for a new trait: a free one, or that of the oldest when this one is later; -1 when there is none.</summary>
    private int Place(long timeMs)
    {
        if (_count < Capacity)
        {
            if (_count == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Max(4, _count * 2));
            }

            _entries[_count].Value = null;
            return _count++;
        }

        var oldest = 0;
        for (var i = 1; i < Capacity; i++)
        {
            if (_entries[i].TimeMs < _entries[oldest].TimeMs)
            {
                oldest = i;
            }
        }

        if (timeMs < _entries[oldest].TimeMs)
        {
            return -1;
        }

        _entries[oldest].Value = null;
        return oldest;
    }

    private struct Entry
    {
        public string Name;
        public string? Value;
        public long TimeMs;
    }
}
