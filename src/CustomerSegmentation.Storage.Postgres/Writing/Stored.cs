using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Profiles;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>What is stored of a customer before a write, as far as the write has to know.</summary>
internal sealed record Stored
{
    public required long Key { get; init; }

    public required string CustomerId { get; init; }

    public long RetiredSequence { get; init; }

    public bool HasSnapshot { get; init; }

    public long Sequence { get; init; }

    public bool HasRow { get; init; }

    /// <summary>Empty while unassigned.</summary>
    public string Segment { get; init; } = "";

    public int Version { get; init; }

    /// <summary>0 while unassigned.</summary>
    public long Activation { get; init; }

    public double Probability { get; init; }

    public long SinceMs { get; init; }

    public long Units { get; init; }

    public string[] Audiences { get; init; } = [];

    /// <summary>Reads customers by key and holds them until the transaction ends; who is not there is left out.</summary>
    public static async Task<Dictionary<long, Stored>> ReadAsync(WriterSession session, long[] keys)
    {
        // Locked first and read after: a join that waits for a lock would show its other tables as they were before.
        await session["customer_lock"].Bind(keys).ExecuteNonQueryAsync();
        return (await session["customer_stored"].Bind(keys).ListAsync(Read)).ToDictionary(s => s.Key);
    }

    private static Stored Read(NpgsqlDataReader row)
    {
        var stored = new Stored
        {
            Key = row.GetInt64(0),
            CustomerId = row.Utf8(1),
            RetiredSequence = row.GetInt64(2),
            HasSnapshot = !row.IsDBNull(3),
            Sequence = row.Int64OrZero(3),
        };
        return row.IsDBNull(4) ? stored : stored with
        {
            HasRow = true,
            Segment = row.GetString(4),
            Version = row.GetInt32(5),
            Activation = row.GetInt64(6),
            Probability = row.GetDouble(7),
            SinceMs = row.GetInt64(8),
            Units = MonetaryUnits.FromAmount(row.GetDouble(9)),
            Audiences = row.IsDBNull(10) ? [] : row.GetFieldValue<string[]>(10),
        };
    }
}
