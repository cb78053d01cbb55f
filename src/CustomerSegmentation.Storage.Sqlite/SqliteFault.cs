namespace CustomerSegmentation.Storage.Sqlite;

/// <summary>What is wrong with the database, as far as somebody can do something about it.</summary>
public enum SqliteFault
{
    Other,

    /// <summary>The disk, or the limit given in the options, is full.</summary>
    Full,

    /// <summary>The folder or file may not be written.</summary>
    ReadOnly,

    /// <summary>The file is no database, or damaged.</summary>
    Corrupt,

    /// <summary>A newer version of this program wrote the file.</summary>
    NewerSchema,

    /// <summary>Another process holds the file.</summary>
    Busy,

    /// <summary>Reading or writing the file failed.</summary>
    InputOutput,
}
