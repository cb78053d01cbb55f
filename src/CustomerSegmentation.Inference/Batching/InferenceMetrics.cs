using System.Diagnostics.Metrics;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>What inference tells the outside about itself, under the meter <see cref="MeterName"/>.</summary>
public sealed class InferenceMetrics : IDisposable
{
    public const string MeterName = "CustomerSegmentation.Inference";
    private static readonly KeyValuePair<string, object?>[] OutcomeTags =
        [.. Enum.GetValues<EncoderOutcome>().Select(o => new KeyValuePair<string, object?>("outcome", o.ToString()))];

    private static readonly KeyValuePair<string, object?> CancelledTag = new("outcome", "Cancelled");
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _events;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _runSeconds;
    private readonly Histogram<double> _waitSeconds;

    public InferenceMetrics()
    {
        _requests = _meter.CreateCounter<long>("segmentation.inference.requests", "{request}", "Requests to the sequence encoder, by outcome");
        _events = _meter.CreateCounter<long>("segmentation.inference.events", "{event}", "Events that the sequence encoder read");
        _batchSize = _meter.CreateHistogram<int>("segmentation.inference.batch.size", "{request}", "Requests in a run");
        _runSeconds = _meter.CreateHistogram<double>("segmentation.inference.run.duration", "s", "Time of a run");
        _waitSeconds = _meter.CreateHistogram<double>("segmentation.inference.wait.duration", "s", "Time that the oldest request of a run had waited");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Lets the length of a queue be read.</summary>
    internal void Watch(Func<int> waiting) =>
        _meter.CreateObservableGauge("segmentation.inference.queue.length", waiting, "{request}", "Requests that wait for a run");

    internal void Ended(EncoderOutcome outcome, int count) => _requests.Add(count, OutcomeTags[(int)outcome]);

    internal void Cancelled(int count) => _requests.Add(count, CancelledTag);

    internal void Ran(int requests, int events, double waitSeconds, double runSeconds)
    {
        _batchSize.Record(requests);
        _events.Add(events);
        _waitSeconds.Record(waitSeconds);
        _runSeconds.Record(runSeconds);
    }
}
