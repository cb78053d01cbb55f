using System.Numerics.Tensors;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Onnx;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>
/// One loaded sequence encoder at work: a queue, and lanes that run its batches. The lanes share the session, and so the weights; each batch has tensors of its own.
/// A request is copied into them where it was filled and its answer out of them where it is awaited. Where there is a lane for each processor, that is the lane's own
/// thread: another one would take the processor from a lane, and find nothing in its cache.
/// </summary>
internal sealed class SessionPool : IAsyncDisposable
{
    // Far enough for its memory to arrive while the answers before it are delivered: first a request, then what it refers to.
    private const int PrefetchRequestAhead = 4;
    private const int PrefetchNumbersAhead = 2;

    private readonly OnnxSession _session;
    private readonly TimeProvider _time;
    private readonly InferenceMetrics _metrics;
    private readonly ILogger _logger;

    // Null where lanes deliver themselves.
    private readonly Deliveries? _deliveries;
    private readonly Lane[] _lanes;
    private Action<EncoderRequest>? _observer;

    public SessionPool(
        OnnxRuntime runtime, OnnxSession session, EncoderModel model, InferenceOptions options, TimeProvider time, InferenceMetrics metrics, ILogger logger)
    {
        (_session, Model, _time, _metrics, _logger) = (session, model, time, metrics, logger);
        Queue = new BatchQueue(
            options, time, (lengthClass, size) => new Batch(new SequenceRows(runtime, session, model, size, BatchQueue.LongestOf(lengthClass)), lengthClass));
        _deliveries = options.LaneCount < Environment.ProcessorCount ? new Deliveries(this) : null;
        _lanes = [.. Enumerable.Range(1, options.LaneCount).Select(i => new Lane(this, i))];
    }

    public EncoderModel Model { get; }

    public BatchQueue Queue { get; }

    /// <summary>Sees each request that was encoded, on the thread that delivers it, before its caller does; null for nobody.</summary>
    public Action<EncoderRequest>? Observer
    {
        get => Volatile.Read(ref _observer);
        set => Volatile.Write(ref _observer, value);
    }

    /// <summary>Runs a request that was begun for this model.</summary>
    public ValueTask<EncoderOutcome> EncodeAsync(EncoderRequest request, CancellationToken cancellationToken)
    {
        var task = request.Start(cancellationToken);
        if (FindFault(request) is { } fault)
        {
            End(request, EncoderOutcome.Refused, fault);
            return task;
        }

        switch (Queue.TryEnqueue(request))
        {
            case Admission.Full:
                End(request, EncoderOutcome.Busy, null);
                break;
            case Admission.Closed:
                End(request, EncoderOutcome.OtherModel, null);
                break;
        }

        return task;
    }

    /// <summary>Takes no more requests, finishes those that wait, and closes the session.</summary>
    public async ValueTask DisposeAsync()
    {
        Queue.Close();
        await Task.WhenAll(_lanes.Select(l => l.Ended));
        Queue.Dispose();
        _session.Dispose();
    }

    internal void Measure(Batch batch, Func<Batch, int> run)
    {
        var start = _time.GetTimestamp();
        var events = run(batch);
        _metrics.Ran(batch.Live, events, _time.GetElapsedTime(batch.OldestStamp, start).TotalSeconds, _time.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Sends the answers of a batch out and returns it to the queue.</summary>
    internal void Deliver(Batch batch)
    {
        if (_deliveries is not null)
        {
            _deliveries.Send(batch);
            return;
        }

        Deliver(batch, 0, batch.Count);
        Queue.Return(batch);
    }

    /// <summary>Gives some requests of a batch their answers, on this thread.</summary>
    internal void Deliver(Batch batch, int from, int count)
    {
        var requests = batch.Requests.Slice(from, count);
        var followed = Queue.Release(requests);
        var observer = Observer;
        var (encoded, failed) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            if (i + PrefetchRequestAhead < count)
            {
                Prefetch.Request(requests[i + PrefetchRequestAhead]);
            }

            if (i + PrefetchNumbersAhead < count)
            {
                Prefetch.Numbers(requests[i + PrefetchNumbersAhead]);
            }

            if (from + i >= batch.Live)
            {
                requests[i].Cancel();
            }
            else if (batch.Read(from + i) is { } reason)
            {
                failed++;
                requests[i].Complete(EncoderOutcome.Failed, reason);
            }
            else
            {
                encoded++;
                observer?.Invoke(requests[i]);
                requests[i].Complete(EncoderOutcome.Encoded);
            }
        }

        if (followed is not null)
        {
            Queue.ReleaseFollowers(followed);
        }

        Count(EncoderOutcome.Encoded, encoded);
        Count(EncoderOutcome.Failed, failed);
        if (encoded + failed < count)
        {
            _metrics.Cancelled(count - encoded - failed);
        }
    }

    internal void LogFailure(Exception e, int requests) => InferenceLog.RunFailed(_logger, e, Model.Id, requests);

    /// <summary>What makes a request unfit to share a run with others: the run would fail for all of them.</summary>
    private static string? FindFault(EncoderRequest request)
    {
        if (request.EventCount == 0)
        {
            return "The request has no event.";
        }

        if (TokenLayout.FindFault(request.Events) is { } fault)
        {
            return $"Events: {fault}.";
        }

        if (!TensorPrimitives.IsFiniteAll(request.State))
        {
            return "The state has a number that is not finite.";
        }

        var features = request.Features;
        return TensorPrimitives.IsFiniteAll<float>(features) ? null : $"Feature {FirstUnfinite(features)} is not finite.";
    }

    private static int FirstUnfinite(ReadOnlySpan<float> numbers)
    {
        var i = 0;
        while (float.IsFinite(numbers[i]))
        {
            i++;
        }

        return i;
    }

    private void End(EncoderRequest request, EncoderOutcome outcome, string? reason)
    {
        Count(outcome, 1);
        request.Complete(outcome, reason);
    }

    private void Count(EncoderOutcome outcome, int count)
    {
        if (count > 0)
        {
            _metrics.Ended(outcome, count);
        }
    }
}
