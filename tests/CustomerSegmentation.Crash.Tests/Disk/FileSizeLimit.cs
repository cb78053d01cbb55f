using System.Diagnostics;
using System.Globalization;

namespace CustomerSegmentation.Crash.Tests.Disk;

/// <summary>A limit of the operating system on how large files of one process may grow, set and lifted while it runs. A write beyond it fails.</summary>
internal static class FileSizeLimit
{
    /// <summary>Starts a program that gets an error from a write beyond the limit, instead of being killed for it.</summary>
    public static readonly string[] Launcher = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];

    public static void Set(int processId, long bytes) => Run(processId, bytes.ToString(CultureInfo.InvariantCulture));

    public static void Lift(int processId) => Run(processId, "unlimited");

    private static void Run(int processId, string limit)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", processId.ToString(CultureInfo.InvariantCulture), $"--fsize={limit}:unlimited"]);
        prlimit.WaitForExit();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
