using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.InMemory;

/// <summary>All that is kept of one customer.</summary>
internal sealed class InMemoryCustomer(string id, long key)
{
    public string Id { get; } = id;

    public long Key { get; } = key;

    /// <summary>In sequence order.</summary>
    public List<JournalRecord> Records { get; } = [];

    /// <summary>First sequence numbers of <see cref="Records"/>, for the fence.</summary>
    public HashSet<long> FirstSequences { get; } = [];

    public long JournalSequence { get; set; }

    /// <summary>Up to here records were removed.</summary>
    public long TrimmedSequence { get; set; }

    /// <summary>Event times of <see cref="Records"/> by their first sequence numbers, milliseconds since 1970-01-01 UTC.</summary>
    public Dictionary<long, (long Min, long Max)> Times { get; } = [];

    /// <summary>Sequence number at which the customer was retired; 0 when it never was.</summary>
    public long RetiredSequence { get; set; }

    /// <summary>Sequence number of the snapshot; 0 without one.</summary>
    public long Sequence { get; set; }

    public ReadOnlyMemory<byte>? State { get; set; }

    public ProfileRow? Row { get; set; }
}
