using System.Diagnostics;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Inference.Batching;

namespace CustomerSegmentation.Benchmarks.Encoders;

/// <summary>Customers who each send their next request when the one before is answered, as actors do.</summary>
/// <param name="model">For what their requests are begun.</param>
/// <param name="encodeAsync">Answers them.</param>
/// <param name="customers">How many.</param>
/// <param name="events">Events in each request.</param>
/// <param name="areFilled">Whether each request is filled anew, or sent again as it was.</param>
internal sealed class PoolLoad(
    EncoderModel model, Func<EncoderRequest, CancellationToken, ValueTask<EncoderOutcome>> encodeAsync, int customers, int events, bool areFilled)
{
    private const int CounterPlace = 16;

    private readonly EncoderRequestPool _requests = new(customers);
    private readonly EncoderToken[] _tokens = BareSession.Tokens(events);

    // A counter for each thread, as the bare loop has, in the middle of memory of its own: threads that write side by side slow each other down.
    private readonly ThreadLocal<long[]> _answered = new(() => new long[2 * CounterPlace], trackAllValues: true);
    private long _failed;

    public PoolLoad(SessionPool pool, int customers, int events, bool areFilled)
        : this(pool.Model, pool.EncodeAsync, customers, events, areFilled)
    {
    }

    /// <summary>Customers a second, microseconds of processor time for each, their own included, and bytes allocated.</summary>
    public async Task<PoolRate> MeasureAsync(TimeSpan duration)
    {
        using var stop = new CancellationTokenSource();
        _failed = 0;
        var loops = Enumerable.Range(1, customers).Select(customer => LoopAsync((ulong)customer, stop.Token)).ToArray();

        // The first requests make room in queues and pools; they do not count.
        await Task.Delay(duration / 4, TimeProvider.System);
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var from = Answered();
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        await Task.Delay(duration, TimeProvider.System);
        var answered = Answered() - from;
        var perSecond = answered / clock.Elapsed.TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        return _failed == 0 ? new PoolRate(perSecond, cpu.TotalMicroseconds / answered, (double)bytes / answered) : throw new InvalidOperationException($"{_failed} requests were not answered.");
    }

    private long Answered() => _answered.Values.Sum(counter => Volatile.Read(ref counter[CounterPlace]));

    private Task LoopAsync(ulong customer, CancellationToken stop) => areFilled ? FillAsync(customer, stop) : SendAsync(customer, stop);

    /// <summary>Each request is filled from what is known of the customer, as actors do.</summary>
    private async Task FillAsync(ulong customer, CancellationToken stop)
    {
        var state = new float[model.StateSize];
        while (!stop.IsCancellationRequested)
        {
            var request = _requests.Rent(model, customer);
            Fill(request, state);
            Note(await encodeAsync(request, CancellationToken.None).ConfigureAwait(false));
            request.Result.State.CopyTo(state);
            _requests.Return(request);
        }
    }

    /// <summary>The same request again and again, as a bare loop runs the same tensors.</summary>
    private async Task SendAsync(ulong customer, CancellationToken stop)
    {
        var request = _requests.Rent(model, customer);
        Fill(request, new float[model.StateSize]);
        while (!stop.IsCancellationRequested)
        {
            Note(await encodeAsync(request, CancellationToken.None).ConfigureAwait(false));
        }

        _requests.Return(request);
    }

    private void Fill(EncoderRequest request, float[] state)
    {
        request.Continue(state, -5_000);
        request.Add(_tokens);
        request.Features.Fill(0.5f);
    }

    private void Note(EncoderOutcome outcome)
    {
        if (outcome == EncoderOutcome.Encoded)
        {
            _answered.Value![CounterPlace]++;
        }
        else
        {
            Interlocked.Increment(ref _failed);
        }
    }
}
