using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CustomerSegmentation.Learning;
using CustomerSegmentation.Learning.Clustering;

namespace CustomerSegmentation.Benchmarks.KMeans;

/// <summary>
/// Compares k-means with scikit-learn's on the same data, the same initial centroids and the same cores: both fit in turn, so that
/// whatever else the machine does slows both down. Arguments: [rounds [python executable]].
/// </summary>
internal static class KMeansComparison
{
    private const int Rows = 1_000_000;
    private const int Columns = 64;
    private const int ClusterCount = 16;
    private const int IterationsMax = 20;

    public static int Run(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 9;
        var python = args.Length > 1 ? args[1] : "python3";
        var data = PlantedData();
        var initial = new Matrix(data.Values[..(ClusterCount * Columns)].ToArray(), ClusterCount, Columns);
        var folder = Directory.CreateTempSubdirectory("kmeans-").FullName;
        try
        {
            Write(Path.Combine(folder, "data.f32"), data);
            Write(Path.Combine(folder, "centroids.f32"), initial);
            using var reference = StartReference(python, folder);
            Console.WriteLine(reference.StandardOutput.ReadLine() ?? throw new InvalidOperationException("scikit-learn did not start."));
            Compare(rounds, data, initial, reference);
            reference.StandardInput.Close();
            reference.WaitForExit();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static void Compare(int rounds, Matrix data, Matrix initial, Process reference)
    {
        Console.WriteLine($".NET {Environment.Version}, {Environment.ProcessorCount} cores");
        Console.WriteLine($"{Rows} x {Columns}, k = {ClusterCount}, at most {IterationsMax} iterations, tolerance 0, one start");
        var options = new KMeansOptions
        {
            ClusterCount = ClusterCount,
            InitialCentroids = initial,
            IterationsMax = IterationsMax,
            Tolerance = 0,
        };
        _ = Learning.Clustering.KMeans.Fit(data, options with { IterationsMax = 1 });

        Console.WriteLine("| round | this project, s | scikit-learn, s | ratio | this project, CPU s | scikit-learn, CPU s | ratio | inertia / theirs |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var (own, theirs) = (new Timing[rounds], new Timing[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            own[round] = Time(() => Learning.Clustering.KMeans.Fit(data, options), out var model);
            reference.StandardInput.WriteLine();
            var answer = reference.StandardOutput.ReadLine() ?? throw new InvalidOperationException("scikit-learn ended early.");
            var numbers = answer.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            theirs[round] = new Timing(numbers[0], numbers[1]);
            if (model.Iterations != (int)numbers[2])
            {
                throw new InvalidOperationException($"{model.Iterations} iterations here, {numbers[2]} there: the times do not compare.");
            }

            WriteRow((round + 1).ToString(CultureInfo.InvariantCulture), own[round], theirs[round], model.Inertia / numbers[3]);
        }

        WriteRow("median", Median(own), Median(theirs), null);
    }

    private static void WriteRow(string name, Timing own, Timing theirs, double? inertia) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {own.Wall:F3} | {theirs.Wall:F3} | {theirs.Wall / own.Wall:F1} "
            + $"| {own.Cpu:F3} | {theirs.Cpu:F3} | {theirs.Cpu / own.Cpu:F1} | {inertia:F6} |"));

    private static Timing Time<T>(Func<T> body, out T result)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        result = body();
        return new Timing(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    private static Timing Median(Timing[] values) => new(
        values.Select(value => value.Wall).Order().ElementAt(values.Length / 2),
        values.Select(value => value.Cpu).Order().ElementAt(values.Length / 2));

    /// <summary>
    /// Overlapping clusters of unit spread: far from converged after 20 iterations, so that both programs do all of them.
    /// </summary>
    private static Matrix PlantedData()
    {
        var random = new Random(20);
        var centres = new float[ClusterCount * Columns];
        for (var i = 0; i < centres.Length; i++)
        {
            centres[i] = (float)(0.2 * Normal(random));
        }

        var values = new float[Rows * Columns];
        for (var row = 0; row < Rows; row++)
        {
            var centre = random.Next(ClusterCount) * Columns;
            for (var j = 0; j < Columns; j++)
            {
                values[(row * Columns) + j] = centres[centre + j] + Normal(random);
            }
        }

        return new Matrix(values, Rows, Columns);
    }

    /// <summary>Close to normal: the sum of four uniform numbers, scaled to unit variance.</summary>
    private static float Normal(Random random) =>
        (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2f) * MathF.Sqrt(3);

    private static void Write(string path, Matrix matrix)
    {
        using var stream = File.Create(path);
        stream.Write(MemoryMarshal.AsBytes(matrix.Values.Span));
    }

    private static Process StartReference(string python, string folder, [CallerFilePath] string source = "")
    {
        var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(Path.GetDirectoryName(source)!, "scikit_learn_kmeans.py"));
        start.ArgumentList.Add(Path.Combine(folder, "data.f32"));
        start.ArgumentList.Add(Path.Combine(folder, "centroids.f32"));
        foreach (var number in (int[])[Rows, Columns, ClusterCount, IterationsMax])
        {
            start.ArgumentList.Add(number.ToString(CultureInfo.InvariantCulture));
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
    }

    /// <summary>Seconds by the clock, and seconds of processor time over all threads of the process.</summary>
    private readonly record struct Timing(double Wall, double Cpu);
}
