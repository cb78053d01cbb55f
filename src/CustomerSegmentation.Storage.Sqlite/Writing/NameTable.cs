using System.Collections.Concurrent;
using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Names that repeat in rows, by number. The writer adds; readers look up.</summary>
internal sealed class NameTable
{
    private readonly ConcurrentDictionary<long, string> _texts = new();
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);
    private readonly List<string> _uncommitted = [];

    public string this[long key] => _texts[key];

    public void Load(Database database)
    {
        _keys.Clear();
        _uncommitted.Clear();
        var rows = database["name_all"];
        while (rows.Step())
        {
            Add(rows.GetInt64(0), rows.GetText(1));
        }
    }

    /// <summary>The number of a name, a new one if need be; inside a transaction of the writer.</summary>
    public long Intern(Database database, string text)
    {
        if (_keys.TryGetValue(text, out var key))
        {
            return key;
        }

        var insert = database["name_insert"].Bind(1, text);
        insert.Step();
        key = insert.GetInt64(0);
        insert.Run();
        _uncommitted.Add(text);

        // Before the commit: no reader meets a number that it cannot look up.
        Add(key, text);
        return key;
    }

    public void Commit() => _uncommitted.Clear();

    public void Rollback()
    {
        foreach (var text in _uncommitted)
        {
            _keys.Remove(text);
        }

        _uncommitted.Clear();
    }

    /// <summary>The number of a name; null when no row can hold it.</summary>
    public long? Find(string text)
    {
        foreach (var (key, known) in _texts)
        {
            if (known == text)
            {
                return key;
            }
        }

        return null;
    }

    private void Add(long key, string text)
    {
        _keys[text] = key;
        _texts[key] = text;
    }
}
