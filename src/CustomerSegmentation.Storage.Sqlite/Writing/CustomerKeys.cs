using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Customers by number: given with the first append, never given again.</summary>
internal sealed class CustomerKeys(WriterSession session)
{
    /// <summary>Stands for a customer who was erased.</summary>
    public const long Erased = -1;

    private readonly List<long> _erasing = [];
    private long _last;

    public void Load(long last) => _last = last;

    /// <summary>The key of an append's customer, who is created when new; <see cref="Erased"/> for an erased one.</summary>
    public long Resolve(JournalAppend append)
    {
        // A key known to the actor is right, unless the customer was erased since the actor was loaded: that is known by heart.
        if (append.CustomerKey != 0)
        {
            var erased = session.Shared.ErasedKeys;
            return erased.Count > 0 && erased.Contains(append.CustomerKey) ? Erased : append.CustomerKey;
        }

        if (Find(append.CustomerId) is { } key)
        {
            return key;
        }

        if (Tombstones.Contains(session.Database, session.Shared, append.CustomerId))
        {
            return Erased;
        }

        session.Database["customer_insert"].Bind(1, ++_last).Bind(2, append.CustomerId).Run();
        return _last;
    }

    public long? Find(string customerId) => session.Database.FindKey(customerId);

    /// <summary>The sequence number up to which a customer's records may have been removed.</summary>
    public long Trimmed(long key)
    {
        var row = session.Database["customer_trimmed"].Bind(1, key);
        var trimmed = row.Step() ? row.GetInt64(0) : 0;
        row.Reset();
        return trimmed;
    }

    /// <summary>Takes a customer's key out of use with the running transaction.</summary>
    public void Erase(long key)
    {
        session.SaveLastKey(_last);
        _erasing.Add(key);
    }

    public void Commit()
    {
        if (_erasing.Count > 0)
        {
            session.Shared.ErasedKeys.UnionWith(_erasing);
            _erasing.Clear();
        }
    }

    public void Rollback() => _erasing.Clear();
}
