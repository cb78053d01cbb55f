using System.Numerics.Tensors;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Onnx;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>
/// One loaded sequence encoder at work: a queue, and lanes that run its batches. The lanes share the session, and so the weights; each has tensors of its own.
/// </summary>
internal sealed class SessionPool : IAsyncDisposable
{
    private readonly OnnxSession _session;
    private readonly TimeProvider _time;
    private readonly InferenceMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Deliveries _deliveries;
    private readonly Lane[] _lanes;
    private Action<EncoderRequest>? _observer;

    public SessionPool(
        OnnxRuntime runtime, OnnxSession session, EncoderModel model, InferenceOptions options, TimeProvider time, InferenceMetrics metrics, ILogger logger)
    {
        (_session, Model, _time, _metrics, _logger) = (session, model, time, metrics, logger);
        Queue = new BatchQueue(options, time);
        _deliveries = new Deliveries(Queue);
        _lanes = [.. Enumerable.Range(0, options.LaneCount).Select(i => new Lane(this, new SequenceRunner(runtime, session, model), options.BatchMax, i))];
    }

    public EncoderModel Model { get; }

    public BatchQueue Queue { get; }

    /// <summary>Sees each request that was encoded, on the lane's thread, before its caller does; null for nobody.</summary>
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
        _session.Dispose();
    }

    internal void Measure(long oldestStamp, int requests, Func<int, int> run)
    {
        var start = _time.GetTimestamp();
        var events = run(requests);
        _metrics.Ran(requests, events, _time.GetElapsedTime(oldestStamp, start).TotalSeconds, _time.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Sends the answers out.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="live">Requests at its beginning that ran; the others were cancelled.</param>
    internal void Deliver(Batch batch, int live)
    {
        var encoded = 0;
        var observer = Observer;
        for (var i = 0; i < live; i++)
        {
            if (batch.Outcome(i) == EncoderOutcome.Encoded)
            {
                encoded++;
                observer?.Invoke(batch.Requests[i]);
            }
        }

        Count(EncoderOutcome.Encoded, encoded);
        Count(EncoderOutcome.Failed, live - encoded);
        if (live < batch.Count)
        {
            _metrics.Cancelled(batch.Count - live);
        }

        _deliveries.Send(batch);
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
