using System.Diagnostics;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FolderPath => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folder_is_created_for_this_user_only()
    {
        using var folder = DataFolder.Open(FolderPath, TimeProvider.System);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(FolderPath));
        }

        Assert.StartsWith(FolderPath, folder.DatabasePath, StringComparison.Ordinal);
    }

    [Fact]
    public void Second_opener_learns_who_holds_the_folder()
    {
        using var folder = DataFolder.Open(FolderPath, TimeProvider.System);
        folder.SetUrl("http://127.0.0.1:5080");

        var error = Assert.Throws<DataFolderHeldException>(() => DataFolder.Open(FolderPath, TimeProvider.System));

        Assert.Contains($"process {Environment.ProcessId} ", error.Message, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:5080", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Owner, DataFolder.TryReadOwner(FolderPath));
        Assert.Equal("http://127.0.0.1:5080", error.Owner!.Url);
    }

    [Fact]
    public void Folder_is_free_again_after_disposal()
    {
        DataFolder.Open(FolderPath, TimeProvider.System).Dispose();

        Assert.Null(DataFolder.TryReadOwner(FolderPath));
        DataFolder.Open(FolderPath, TimeProvider.System).Dispose();
    }

    [Fact]
    public void Leftovers_of_a_crashed_owner_do_not_hold_the_folder()
    {
        Directory.CreateDirectory(FolderPath);
        File.WriteAllText(Path.Combine(FolderPath, "lock"), "");
        File.WriteAllText(Path.Combine(FolderPath, "owner.json"), "{ broken");

        Assert.Null(DataFolder.TryReadOwner(FolderPath));
        using var folder = DataFolder.Open(FolderPath, TimeProvider.System);
        Assert.Equal(Environment.ProcessId, DataFolder.TryReadOwner(FolderPath)!.ProcessId);
    }

    [Fact]
    public void Folder_that_does_not_exist_has_no_owner() => Assert.Null(DataFolder.TryReadOwner(FolderPath));

    [Fact]
    public void Lock_of_another_process_holds_the_folder_until_that_process_is_killed()
    {
        if (OperatingSystem.IsWindows() || !File.Exists("/usr/bin/flock"))
        {
            return;
        }

        Directory.CreateDirectory(FolderPath);
        var lockPath = Path.Combine(FolderPath, "lock");
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/flock", ["--no-fork", lockPath, "sh", "-c", "echo held; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", other.StandardOutput.ReadLine());

        var error = Assert.Throws<DataFolderHeldException>(() => DataFolder.Open(FolderPath, TimeProvider.System));
        Assert.Null(error.Owner);
        other.Kill();
        other.WaitForExit();

        DataFolder.Open(FolderPath, TimeProvider.System).Dispose();
    }
}
