namespace CustomerSegmentation.Storage.Sqlite;

/// <summary>Another process holds the data folder; the message says which.</summary>
public sealed class DataFolderHeldException : IOException
{
    internal DataFolderHeldException(string path, DataFolderOwner? owner, Exception inner)
        : base(Describe(path, owner), inner)
    {
        Path = path;
        Owner = owner;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Who holds it; null when it has not said so yet.</summary>
    public DataFolderOwner? Owner { get; }

    private static string Describe(string path, DataFolderOwner? owner)
    {
        if (owner is null)
        {
            return $"The data folder '{path}' is held by another process.";
        }

        var url = owner.Url is null ? "" : $" at {owner.Url}";
        return $"The data folder '{path}' is held by process {owner.ProcessId} on {owner.Machine}{url}, since {owner.Started:yyyy-MM-dd HH:mm:ss zzz}.";
    }
}
