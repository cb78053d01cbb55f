using System.Diagnostics.Metrics;
using CustomerSegmentation.Inference.Batching;

namespace CustomerSegmentation.Inference.Text;

/// <summary>What the reading of texts tells the outside about itself, under the meter <see cref="InferenceMetrics.MeterName"/>.</summary>
internal sealed class TextMetrics : IDisposable
{
    private static readonly KeyValuePair<string, object?>[] OutcomeTags =
        [.. Enum.GetValues<TextOutcome>().Select(o => new KeyValuePair<string, object?>("outcome", o.ToString()))];

    private readonly Meter _meter = new(InferenceMetrics.MeterName);
    private readonly long[] _ended = new long[OutcomeTags.Length];
    private readonly Counter<long> _texts;
    private readonly Histogram<double> _runSeconds;

    public TextMetrics(Func<int> waiting)
    {
        _texts = _meter.CreateCounter<long>("segmentation.inference.texts", "{text}", "Texts of events, by what became of them");
        _runSeconds = _meter.CreateHistogram<double>("segmentation.inference.text.run.duration", "s", "Time of a run of the text encoder");
        _meter.CreateObservableGauge("segmentation.inference.text.queue.length", waiting, "{text}", "Texts that wait for a run");
    }

    public void Dispose() => _meter.Dispose();

    public void Ran(double seconds) => _runSeconds.Record(seconds);

    public void Ended(TextOutcome outcome, int count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref _ended[(int)outcome], count);
            _texts.Add(count, OutcomeTags[(int)outcome]);
        }
    }

    /// <summary>How many texts ended so.</summary>
    public long CountOf(TextOutcome outcome) => Interlocked.Read(ref _ended[(int)outcome]);
}
