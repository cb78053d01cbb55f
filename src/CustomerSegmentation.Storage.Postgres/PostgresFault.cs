namespace CustomerSegmentation.Storage.Postgres;

/// <summary>What is wrong with the database, as far as somebody can do something about it.</summary>
public enum PostgresFault
{
    Other,

    /// <summary>The connection string cannot be read.</summary>
    ConnectionString,

    /// <summary>No server answers, or the connection was lost.</summary>
    Unreachable,

    /// <summary>The server refuses the user or the password.</summary>
    Authentication,

    /// <summary>The database does not exist.</summary>
    MissingDatabase,

    /// <summary>The user lacks a right.</summary>
    MissingRight,

    /// <summary>The server is older than this program can use.</summary>
    OldServer,

    /// <summary>A newer version of this program wrote the schema.</summary>
    NewerSchema,

    /// <summary>The schema belongs to another program.</summary>
    ForeignSchema,

    /// <summary>Another process has the schema open, and one of the two wants it to itself.</summary>
    Held,

    /// <summary>A lock was not given in time, or too much waits already.</summary>
    Busy,

    /// <summary>The server's disk is full.</summary>
    Full,
}
