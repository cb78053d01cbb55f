using System.Diagnostics;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.Benchmarks.Encoders;

/// <summary>What the session can do at best: threads that run it over and over on tensors that are already filled.</summary>
internal sealed class BareSession(OnnxRuntime runtime, OnnxSession session, EncoderModel model)
{
    /// <summary>Customers a second, and microseconds of processor time for each.</summary>
    /// <param name="threads">Threads that run the session at the same time.</param>
    /// <param name="batch">Customers in a run.</param>
    /// <param name="events">Events of each.</param>
    /// <param name="duration">How long.</param>
    public (double PerSecond, double CpuMicroseconds) Measure(int threads, int batch, int events, TimeSpan duration)
    {
        long runs = 0;
        using var start = new Barrier(threads + 1);
        var workers = Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            var own = Work(start, i, batch, events, duration);
            Interlocked.Add(ref runs, own);
        })).ToArray();
        Array.ForEach(workers, w => w.Start());
        start.SignalAndWait();
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        Array.ForEach(workers, w => w.Join());
        return (runs * batch / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / (runs * batch));
    }

    private long Work(Barrier start, int seed, int batch, int events, TimeSpan duration)
    {
        using var rows = new NativeTensorOf<float>(runtime, 3);
        using var lengths = new NativeTensorOf<long>(runtime, 1);
        using var state = new NativeTensorOf<float>(runtime, 2);
        using var features = new NativeTensorOf<float>(runtime, 2);
        using var stateOut = new NativeTensorOf<float>(runtime, 2);
        using var embedding = new NativeTensorOf<float>(runtime, 2);
        using var probabilities = new NativeTensorOf<float>(runtime, 2);
        rows.Reshape(batch, events, TokenLayout.Columns);
        lengths.Reshape(batch);
        state.Reshape(batch, model.StateSize);
        features.Reshape(batch, model.FeatureColumns);
        stateOut.Reshape(batch, model.StateSize);
        embedding.Reshape(batch, model.EmbeddingSize);
        probabilities.Reshape(batch, model.ClassCount);
        lengths.Elements.Fill(events);
        var random = new Random(seed);
        Fill(rows.Elements, random);
        Fill(state.Elements, random);
        Fill(features.Elements, random);
        NativeTensor[] inputs = [rows, lengths, state, features];
        NativeTensor[] outputs = [stateOut, embedding, probabilities];
        var inputNames = session.Names("events", "lengths", "state", "features");
        var outputNames = session.Names("state_out", "embedding", "probabilities");
        session.Run(inputNames, inputs, outputNames, outputs);
        start.SignalAndWait();
        var clock = Stopwatch.StartNew();
        long runs = 0;
        while (clock.Elapsed < duration)
        {
            session.Run(inputNames, inputs, outputNames, outputs);
            runs++;
        }

        return runs;
    }

    private static void Fill(Span<float> numbers, Random random)
    {
        foreach (ref var number in numbers)
        {
            number = random.NextSingle();
        }
    }
}
