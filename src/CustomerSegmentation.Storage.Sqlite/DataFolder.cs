using System.Text.Json;

namespace CustomerSegmentation.Storage.Sqlite;

/// <summary>
/// The folder with everything that one process keeps. It is held by a lock of the operating system, which ends with the process however that ends.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const string LockFile = "lock";
    private const string OwnerFile = "owner.json";
    private const string DatabaseFile = "customers.db";
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;
    private readonly Lock _gate = new();
    private DataFolderOwner _owner;
    private bool _disposed;

    private DataFolder(string path, FileStream @lock, DataFolderOwner owner)
    {
        Path = path;
        _lock = @lock;
        _owner = owner;
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>Where the database goes.</summary>
    public string DatabasePath => System.IO.Path.Combine(Path, DatabaseFile);

    /// <summary>Takes the folder for this process; creates it, readable by this user only, when there is none.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="timeProvider">Says since when it is held.</param>
    /// <param name="storage">Where the data is, for people, when it is not in the folder.</param>
    /// <exception cref="DataFolderHeldException">Another process holds it, or this one does already.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static DataFolder Open(string path, TimeProvider timeProvider, string? storage = null)
    {
        path = System.IO.Path.GetFullPath(path);
        CreateFolder(path);
        FileStream held;
        try
        {
            held = OpenLock(path);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new DataFolderHeldException(path, ReadOwner(path), e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new UnauthorizedAccessException($"The data folder '{path}' cannot be written. Give this user write access to it, or another folder.", e);
        }

        var owner = new DataFolderOwner(Environment.ProcessId, timeProvider.GetUtcNow(), Environment.MachineName, null, storage);
        var folder = new DataFolder(path, held, owner);
        try
        {
            folder.WriteOwner();
            return folder;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Who holds a folder; null when nobody does.</summary>
    public static DataFolderOwner? TryReadOwner(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (!File.Exists(System.IO.Path.Combine(path, LockFile)))
        {
            return null;
        }

        try
        {
            OpenLock(path).Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ReadOwner(path);
        }
    }

    /// <summary>Says where the process answers, for other processes that would like the folder.</summary>
    public void SetUrl(string url)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _owner = _owner with { Url = url };
            WriteOwner();
        }
    }

    /// <summary>Lets go of the folder.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            File.Delete(System.IO.Path.Combine(Path, OwnerFile));
            _lock.Dispose();
        }
    }

    private static void CreateFolder(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, FolderMode);
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new UnauthorizedAccessException($"The data folder '{path}' cannot be created: {e.Message}", e);
        }
    }

    private static FileStream OpenLock(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode600;
        }

        return new FileStream(System.IO.Path.Combine(path, LockFile), options);
    }

    /// <summary>A sharing violation, which is EAGAIN (11; 35 on macOS) where locks are advisory and 32 on Windows.</summary>
    private static bool IsHeld(IOException e) => (e.HResult & 0xffff) is 11 or 35 or 32;

    private static DataFolderOwner? ReadOwner(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<DataFolderOwner>(File.ReadAllText(System.IO.Path.Combine(path, OwnerFile)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>By renaming a new file, so that nobody reads half of it.</summary>
    private void WriteOwner()
    {
        var target = System.IO.Path.Combine(Path, OwnerFile);
        File.WriteAllText(target + ".new", JsonSerializer.Serialize(_owner));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(target + ".new", FileMode600);
        }

        File.Move(target + ".new", target, overwrite: true);
    }
}
