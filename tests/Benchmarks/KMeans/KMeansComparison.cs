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

        Console.WriteLine("| round | this project, s | one thread, s | scikit-learn, s | ratio | inertia / scikit-learn's | iterations |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var (own, single, theirs) = (new double[rounds], new double[rounds], new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            var model = Time(() => Learning.Clustering.KMeans.Fit(data, options), out own[round]);
            Time(() => Learning.Clustering.KMeans.Fit(data, options with { DegreeOfParallelism = 1 }), out single[round]);
            reference.StandardInput.WriteLine();
            var answer = reference.StandardOutput.ReadLine() ?? throw new InvalidOperationException("scikit-learn ended early.");
            var numbers = answer.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            theirs[round] = numbers[0];
            var agreement = string.Create(CultureInfo.InvariantCulture, $"{model.Inertia / numbers[2]:F7} | {model.Iterations} / {numbers[1]}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {round + 1} | {own[round]:F3} | {single[round]:F3} | {theirs[round]:F3} | {theirs[round] / own[round]:F1} | {agreement} |"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| median | {Median(own):F3} | {Median(single):F3} | {Median(theirs):F3} | {Median(theirs) / Median(own):F1} | | |"));
    }

    private static T Time<T>(Func<T> body, out double seconds)
    {
        var start = Stopwatch.GetTimestamp();
        var result = body();
        seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return result;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

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
}
