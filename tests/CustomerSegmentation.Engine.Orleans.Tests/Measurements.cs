using System.Diagnostics.Metrics;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>What instruments say that are made by this thread, while other tests make others of the same names.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Instrument, string Outcome), double> _counts = [];

    public Measurements()
    {
        var thread = Environment.CurrentManagedThreadId;
        var begun = false;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Those that are there already are told first.
            if (begun && Environment.CurrentManagedThreadId == thread && instrument.Name.StartsWith("segmentation.", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
        begun = true;
    }

    /// <summary>How often each outcome was measured, or what it was counted up to: outcome and number, in order.</summary>
    public IReadOnlyList<string> CountsOf(string instrument)
    {
        lock (_gate)
        {
            return [.. _counts.Where(c => c.Key.Instrument == instrument).Select(c => $"{c.Key.Outcome} {c.Value}").Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>What an instrument that is asked says now.</summary>
    public double Read(string instrument)
    {
        _listener.RecordObservableInstruments();
        lock (_gate)
        {
            return _counts[(instrument, "")];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = (instrument.Name, tags.Length == 0 ? "" : $"{tags[0].Value}");
        var isHistogram = instrument is Histogram<double> or Histogram<int>;
        lock (_gate)
        {
            _counts[key] = instrument.IsObservable ? value : _counts.GetValueOrDefault(key) + (isHistogram ? 1 : value);
        }
    }
}
