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
    private readonly EncoderRequestPool _requests = new(customers);
    private readonly EncoderToken[] _tokens = BareSession.Tokens(events);

    // One counter for each customer, so that they do not fight over it.
    private readonly long[] _answered = new long[customers + 1];
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
        var from = _answered.Sum();
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        await Task.Delay(duration, TimeProvider.System);
        var answered = _answered.Sum() - from;
        var perSecond = answered / clock.Elapsed.TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        return _failed == 0 ? new PoolRate(perSecond, cpu.TotalMicroseconds / answered, (double)bytes / answered) : throw new InvalidOperationException($"{_failed} requests were not answered.");
    }

    private Task LoopAsync(ulong customer, CancellationToken stop) => areFilled ? FillAsync(customer, stop) : SendAsync(customer, stop);

    /// <summary>Each request is filled from what is known of the customer, as actors do.</summary>
    private async Task FillAsync(ulong customer, CancellationToken stop)
    {
        var state = new float[model.StateSize];
        while (!stop.IsCancellationRequested)
        {
            var request = _requests.Rent(model, customer);
            Fill(request, state);
            Note(customer, await encodeAsync(request, CancellationToken.None).ConfigureAwait(false));
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
            Note(customer, await encodeAsync(request, CancellationToken.None).ConfigureAwait(false));
        }

        _requests.Return(request);
    }

    private void Fill(EncoderRequest request, float[] state)
    {
        request.Continue(state, -5_000);
        request.Add(_tokens);
        request.Features.Fill(0.5f);
    }

    private void Note(ulong customer, EncoderOutcome outcome)
    {
        if (outcome == EncoderOutcome.Encoded)
        {
            _answered[customer]++;
        }
        else
        {
            Interlocked.Increment(ref _failed);
        }
    }
}
