using System.Diagnostics;

namespace CustomerSegmentation.Crash.Tests.Disk;

/// <summary>
/// A disk of a few megabytes: a tmpfs, which takes root to mount. A shell keeps it: when the test process ends, in whatever way, the shell's input ends, and it
/// unmounts the disk and removes the folder.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    /// <summary>ENOSPC.</summary>
    private const int NoSpaceLeft = 28;

    private const string Keeper = """
        trap '' INT TERM HUP PIPE
        mount -t tmpfs -o size=$2,mode=755 tmpfs "$1" 2>/dev/null || { rmdir "$1"; echo refused; exit 1; }
        echo ready || true
        cat >/dev/null
        umount "$1" || umount -l "$1"
        rmdir "$1"
        """;

    private readonly Process _keeper;

    private SmallDisk(Process keeper, string path) => (_keeper, Path) = (keeper, path);

    /// <summary>The folder where the disk is mounted.</summary>
    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>A new disk; null where it may not be mounted.</summary>
    /// <param name="bytes">Its size.</param>
    public static async Task<SmallDisk?> TryMountAsync(long bytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var path = Directory.CreateTempSubdirectory("segmentation-disk-").FullName;
        var keeper = Process.Start(new ProcessStartInfo("sh", ["-c", Keeper, "sh", path, $"{bytes}"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/",
        })!;
        if (await keeper.StandardOutput.ReadLineAsync() == "ready")
        {
            return new SmallDisk(keeper, path);
        }

        keeper.Dispose();
        return null;
    }

    /// <summary>Takes all the space that is left. The service writes meanwhile, and may be the one who takes the last of it.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var megabyte = new byte[1 << 20];
        try
        {
            for (long free; (free = new DriveInfo(Path).AvailableFreeSpace) > 0;)
            {
                file.Write(megabyte, 0, (int)Math.Min(megabyte.Length, free));
            }
        }
        catch (IOException e) when (e.HResult == NoSpaceLeft)
        {
            // That is what was wanted.
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }
}
