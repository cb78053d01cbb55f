using System.Diagnostics.Metrics;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>
/// What a silo that has its customers read elsewhere tells the outside about that, under the meter <see cref="MeterName"/>. Tags are outcomes alone: which silo is
/// asked is in the logs, and silos come and go.
/// </summary>
internal sealed class RemoteInferenceMetrics : IDisposable
{
    public const string MeterName = "CustomerSegmentation.Engine.Orleans";

    private static readonly KeyValuePair<string, object?>[] CallTags = TagsOf<InferenceCallOutcome>();
    private static readonly KeyValuePair<string, object?>[] RequestTags = TagsOf<EncoderOutcome>();
    private static readonly KeyValuePair<string, object?> CancelledTag = new("outcome", "Cancelled");

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<int> _size;

    public RemoteInferenceMetrics()
    {
        _requests = _meter.CreateCounter<long>(
            "segmentation.inference.remote.requests", "{request}", "Requests for inference silos, by what became of them; a second try at another silo counts once");
        _seconds = _meter.CreateHistogram<double>("segmentation.inference.remote.call.duration", "s", "From a call to an inference silo until its end, by outcome");
        _size = _meter.CreateHistogram<int>("segmentation.inference.remote.call.size", "{request}", "Requests in a call");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Lets be read how many requests are not sent yet, and how many calls are under way.</summary>
    public void Watch(Func<int> waiting, Func<int> calls)
    {
        _meter.CreateObservableGauge("segmentation.inference.remote.queue.length", waiting, "{request}", "Requests that wait to be sent to an inference silo");
        _meter.CreateObservableGauge("segmentation.inference.remote.calls.active", calls, "{call}", "Calls to inference silos that are under way");
    }

    /// <summary>A call of so many requests has ended.</summary>
    public void Called(int requests, double seconds, InferenceCallOutcome outcome)
    {
        _size.Record(requests);
        _seconds.Record(seconds, CallTags[(int)outcome]);
    }

    /// <summary>A request has ended without an answer of a silo.</summary>
    public void Ended(EncoderOutcome outcome) => _requests.Add(1, RequestTags[(int)outcome]);

    /// <summary>Requests have ended as a silo says, each with an <see cref="EncoderOutcome"/>.</summary>
    public void Ended(ReadOnlySpan<byte> outcomes)
    {
        for (var i = 0; i < RequestTags.Length; i++)
        {
            if (outcomes.Count((byte)i) is > 0 and var count)
            {
                _requests.Add(count, RequestTags[i]);
            }
        }
    }

    /// <summary>Requests were given up by who made them.</summary>
    public void Cancelled(int count) => _requests.Add(count, CancelledTag);

    private static KeyValuePair<string, object?>[] TagsOf<TOutcome>()
        where TOutcome : struct, Enum => [.. Enum.GetValues<TOutcome>().Select(o => new KeyValuePair<string, object?>("outcome", o.ToString()))];
}
