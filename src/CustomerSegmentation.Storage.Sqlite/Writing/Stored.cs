using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>What is stored of a customer before a write, as far as the write has to know.</summary>
internal readonly record struct Stored
{
    public string CustomerId { get; private init; }

    public long RetiredSequence { get; private init; }

    public bool HasSnapshot { get; private init; }

    public long Sequence { get; private init; }

    public bool HasRow { get; private init; }

    public long Segment { get; private init; }

    public long Version { get; private init; }

    /// <summary>0 while unassigned.</summary>
    public long Activation { get; private init; }

    public double Probability { get; private init; }

    public long SinceMs { get; private init; }

    public long Units { get; private init; }

    /// <summary>Numbers of the names of audiences.</summary>
    public byte[] Audiences { get; private init; }

    /// <summary>Null when there is no such customer.</summary>
    public static Stored? Read(Database database, long key)
    {
        var row = database["customer_stored"].Bind(1, key);
        if (!row.Step())
        {
            return null;
        }

        var stored = new Stored
        {
            CustomerId = row.GetText(0),
            RetiredSequence = row.GetInt64(1),
            HasSnapshot = !row.IsNull(2),
            Sequence = row.GetInt64(2),
            HasRow = !row.IsNull(3),
            Segment = row.GetInt64(3),
            Version = row.GetInt64(4),
            Activation = row.GetInt64(5),
            Probability = row.GetDouble(6),
            SinceMs = row.GetInt64(7),
            Units = MonetaryUnits.FromAmount(row.GetDouble(8)),
            Audiences = row.GetBytes(9).ToArray(),
        };
        row.Reset();
        return stored;
    }

    /// <summary>The assignment of a new row.</summary>
    public static Stored Of(ProfileAssignment? assignment) => assignment is null ? default : new Stored
    {
        Version = assignment.Version,
        Activation = assignment.Activation,
        Probability = assignment.Probability,
        SinceMs = assignment.SinceMs,
    };
}
