using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CustomerSegmentation.Api.Tests.Sdk;

/// <summary>Runs a script of this folder with Node.js; installs the SDKs when they are not there.</summary>
internal static class NodeSdkRun
{
    private static readonly SemaphoreSlim Installing = new(1, 1);

    public static async Task RunAsync(string script, Uri address, string writeKey)
    {
        var folder = Folder();
        await Installing.WaitAsync();
        try
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            {
                await ExecuteAsync("npm", folder, "install", "--no-save", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund");
            }
        }
        finally
        {
            Installing.Release();
        }

        await ExecuteAsync("node", folder, script, address.ToString().TrimEnd('/'), writeKey);
    }

    private static async Task ExecuteAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };

        // The SDKs must reach the loopback address as they are, whatever the machine uses for the rest of the world.
        start.Environment["NO_PROXY"] = start.Environment["no_proxy"] = "127.0.0.1,localhost";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await output}{await error}");
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
