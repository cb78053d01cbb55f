using System.Diagnostics;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.Benchmarks.Encoders;

/// <summary>
/// What the session can do at best: threads that run it over and over, on tensors that are already filled, or that they fill before each run from what is known of
/// each customer, whose next state they take out after it: what any program must do that has customers' events to be read.
/// </summary>
internal sealed class BareSession(OnnxRuntime runtime, OnnxSession session, EncoderModel model)
{
    /// <summary>Customers a second, and microseconds of processor time for each.</summary>
    /// <param name="threads">Threads that run the session at the same time.</param>
    /// <param name="batch">Customers in a run.</param>
    /// <param name="events">Events of each.</param>
    /// <param name="duration">How long.</param>
    /// <param name="areFilled">Whether tensors are filled anew for each run, for twice as many customers as are in it.</param>
    public (double PerSecond, double CpuMicroseconds) Measure(int threads, int batch, int events, TimeSpan duration, bool areFilled = false)
    {
        long runs = 0;
        using var start = new Barrier(threads + 1);
        var workers = Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            var own = Work(start, i, batch, events, duration, areFilled);
            Interlocked.Add(ref runs, own);
        })).ToArray();
        Array.ForEach(workers, w => w.Start());
        start.SignalAndWait();
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        Array.ForEach(workers, w => w.Join());
        return (runs * batch / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / (runs * batch));
    }

    /// <summary>Events of every customer, the same in the pool and beside it.</summary>
    public static EncoderToken[] Tokens(int events) => [.. Enumerable.Range(0, events).Select(i => new EncoderToken
    {
        TimeMs = i * 60_000L, Kind = (EventKind)(i % 17), Channel = Channel.Web, LogAmount = i % 5, CategoryHash = (ushort)(i * 77), ProductHash = (uint)(i * 7_777),
    })];

    private long Work(Barrier start, int seed, int batch, int events, TimeSpan duration, bool areFilled)
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
        var tokens = Tokens(events);
        float[][] states = [.. Enumerable.Range(0, 2 * batch).Select(_ => new float[model.StateSize])];
        start.SignalAndWait();
        var clock = Stopwatch.StartNew();
        long runs = 0;
        while (clock.Elapsed < duration)
        {
            var customers = states.AsSpan((int)(runs % 2) * batch, batch);
            for (var i = 0; areFilled && i < batch; i++)
            {
                TokenLayout.Write(tokens, -5_000, rows.Row(i, events * TokenLayout.Columns));
                customers[i].CopyTo(state.Row(i, model.StateSize));
                features.Row(i, model.FeatureColumns).Fill(0.5f);
            }

            session.Run(inputNames, inputs, outputNames, outputs);
            for (var i = 0; areFilled && i < batch; i++)
            {
                stateOut.Row(i, model.StateSize).CopyTo(customers[i]);
            }

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
