using System.Text;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>Finds a value by its UTF-8 name without making a string. Made once, read by everybody.</summary>
internal sealed class Utf8NameTable<T>
    where T : struct, Enum
{
    private readonly byte[]?[] _names;
    private readonly T[] _values;
    private readonly uint _mask;

    public Utf8NameTable(IEnumerable<(string Name, T Value)> entries)
    {
        var list = entries.ToArray();
        var size = 16;
        while (size < list.Length * 4)
        {
            size *= 2;
        }

        _names = new byte[size][];
        _values = new T[size];
        _mask = (uint)size - 1;
        foreach (var (name, value) in list)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            var slot = Utf8Hash.Compute(bytes) & _mask;
            while (_names[slot] is not null)
            {
                slot = (slot + 1) & _mask;
            }

            _names[slot] = bytes;
            _values[slot] = value;
        }
    }

    /// <summary>The value by this name, or the default (zero) value.</summary>
    public T Find(ReadOnlySpan<byte> name)
    {
        var slot = Utf8Hash.Compute(name) & _mask;
        while (_names[slot] is { } candidate)
        {
            if (name.SequenceEqual(candidate))
            {
                return _values[slot];
            }

            slot = (slot + 1) & _mask;
        }

        return default;
    }
}
