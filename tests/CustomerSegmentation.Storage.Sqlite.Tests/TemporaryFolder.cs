namespace CustomerSegmentation.Storage.Sqlite.Tests;

/// <summary>A folder for one test, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private int _copies;

    public TemporaryFolder() => DatabasePath = System.IO.Path.Combine(Path, "customers.db");

    public string Path { get; } = Directory.CreateTempSubdirectory("storage-").FullName;

    public string DatabasePath { get; private set; }

    /// <summary>Copies the database with its log, as a crash would leave them; <see cref="DatabasePath"/> is the copy from then on.</summary>
    public void CopyDatabase()
    {
        var from = DatabasePath;
        DatabasePath = System.IO.Path.Combine(Path, $"customers-{++_copies}.db");
        foreach (var suffix in (string[])["", "-wal"])
        {
            if (File.Exists(from + suffix))
            {
                File.Copy(from + suffix, DatabasePath + suffix);
            }
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
