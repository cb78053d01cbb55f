using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Benchmarks.Encoders;

/// <summary>The same library driven by its own binding for Node.js, as a reference from outside.</summary>
internal static class NodeSession
{
    /// <summary>Customers a second.</summary>
    public static async Task<double> MeasureAsync(string graph, EncoderModel model, int loops, int batch, int events, TimeSpan duration)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true };
        foreach (var argument in (object[])
            [Path.Combine(Folder(), "onnxruntime_node.mjs"), Package(), graph, batch, events, model.StateSize, model.FeatureColumns, duration.TotalSeconds, loops])
        {
            start.ArgumentList.Add(Convert.ToString(argument, CultureInfo.InvariantCulture)!);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("Node.js did not start.");
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? double.Parse(text, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"node ended with {process.ExitCode}.");
    }

    private static string Package() => Path.GetFullPath(Path.Combine(Folder(), "../../../src/CustomerSegmentation.Inference/library"));

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
