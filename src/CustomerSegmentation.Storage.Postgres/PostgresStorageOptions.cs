using System.Text.RegularExpressions;
using CustomerSegmentation.Storage.Postgres.Connections;

namespace CustomerSegmentation.Storage.Postgres;

/// <summary>Where the database is, and limits.</summary>
public sealed partial class PostgresStorageOptions
{
    /// <summary>Npgsql's connection string: <c>Host=…;Port=…;Username=…;Password=…;Database=…</c>. PostgreSQL 15 or later.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The schema that holds all tables; created when missing. Lower-case letters, digits and underscores, up to 63. Default <c>segmentation</c>.</summary>
    public string Schema { get; init; } = "segmentation";

    /// <summary>
    /// Whether this process wants the schema to itself, as an engine does that answers from its own memory and would not see what others write. Opening fails
    /// while another process has the schema open, and theirs while this one has. Default false: the processes of a cluster share it.
    /// </summary>
    public bool Exclusive { get; init; }

    /// <summary>Appends that may wait for a commit; 1 or more. Default 65,536.</summary>
    public int JournalQueueAppendsMax { get; init; } = 65_536;

    /// <summary>Payload bytes that may wait for a commit; 1 or more. Default 64 MiB.</summary>
    public long JournalQueueBytesMax { get; init; } = 64L << 20;

    /// <summary>Appends in one commit; 1 or more. More of them share one sync of the disk, and wait longer for it. Default 4,096.</summary>
    public int CommitGroupAppendsMax { get; init; } = 4_096;

    /// <summary>Checkpoints or assignments in one transaction between two commit groups; 1 or more. Default 1,024.</summary>
    public int CheckpointChunkMax { get; init; } = 1_024;

    /// <summary>Writes other than appends that may wait; 1 or more. Default 16,384.</summary>
    public int WriteRequestsMax { get; init; } = 16_384;

    /// <summary>Rejections that are kept; 1 or more. Default 100,000.</summary>
    public int RejectionsMax { get; init; } = 100_000;

    /// <summary>Rejections that may wait for being written; 1 or more. Default 10,000.</summary>
    public int RejectionQueueMax { get; init; } = 10_000;

    /// <summary>Connections for reading; 1 or more. A read beyond it waits for one. The two writers have their own. Default 8.</summary>
    public int ReadersMax { get; init; } = 8;

    /// <summary>
    /// How long a write waits for a lock or for a lost connection to come back before it fails, in milliseconds; 1 or more. Default 10,000.
    /// </summary>
    public int CommitTimeoutMs { get; init; } = 10_000;

    /// <summary>First pause between two attempts to connect, in milliseconds; it doubles with each; 1 or more. Default 20.</summary>
    public int ReconnectDelayMs { get; init; } = 20;

    /// <summary>Longest pause between two attempts to connect, in milliseconds; 1 or more. Default 1,000.</summary>
    public int ReconnectDelayMsMax { get; init; } = 1_000;

    /// <summary>Where the data is, for people: database, server and schema; never a password.</summary>
    /// <exception cref="PostgresStorageException">The connection string cannot be read.</exception>
    public string Describe()
    {
        var target = PostgresServer.ReadTarget(ConnectionString);
        return $"PostgreSQL database '{target.Database}' at {target.Host}:{target.Port}, schema '{Schema}'";
    }

    /// <summary>The connection string for others whose statements name the tables of this schema, such as a cluster's membership.</summary>
    /// <exception cref="PostgresStorageException">The connection string cannot be read.</exception>
    public string ConnectionStringOfSchema() => PostgresServer.OfSchema(this, ConnectionString).ConnectionString;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ConnectionString);
        if (!SchemaPattern().IsMatch(Schema))
        {
            throw new ArgumentException($"'{Schema}' is no schema name: lower-case letters, digits and underscores, up to 63.", nameof(Schema));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(JournalQueueAppendsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(JournalQueueBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CommitGroupAppendsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CheckpointChunkMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(WriteRequestsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RejectionsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RejectionQueueMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadersMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CommitTimeoutMs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReconnectDelayMs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReconnectDelayMsMax, 1);
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SchemaPattern();
}
