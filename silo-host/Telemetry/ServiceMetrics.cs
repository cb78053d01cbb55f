using System.Diagnostics.Metrics;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Engine.Telemetry;

namespace CustomerSegmentation.SiloHost.Telemetry;

/// <summary>
/// The engine's numbers as metrics, under the meter <see cref="MeterName"/>. Tags are keys of segments alone, of which there are few; never anything of a customer.
/// </summary>
internal sealed class ServiceMetrics : IDisposable
{
    public const string MeterName = "CustomerSegmentation.Service";
    private readonly Meter _meter = new(MeterName);
    private volatile SegmentsView? _segments;

    /// <param name="engine">The engine.</param>
    /// <param name="counts">The customers of this process; null where it has none.</param>
    public ServiceMetrics(ISegmentationEngine engine, IEngineCounts? counts)
    {
        _meter.CreateObservableGauge("segmentation.ready", () => engine.Health.Ready ? 1 : 0, "1", "1 when events can be taken, else 0");
        _meter.CreateObservableGauge("segmentation.queue.fill", () => engine.Health.QueueFill, "1", "How full the fullest bounded queue is, 0 to 1");
        _meter.CreateObservableGauge("segmentation.segment.customers", Sizes, "{customer}", "Customers of each segment, the whole shop's whoever is asked");
        _meter.CreateObservableGauge(
            "segmentation.segmentation.version", () => Seen(view => view.Version), "1", "Version of the segmentation in force, the same whoever is asked");
        if (counts is null)
        {
            return;
        }

        _meter.CreateObservableCounter("segmentation.events", () => counts.Count().Events, "{event}", "Events taken and committed");
        _meter.CreateObservableCounter("segmentation.rejections", () => counts.Count().Rejections, "{event}", "Events refused with a reason");
        _meter.CreateObservableCounter("segmentation.transitions", () => counts.Count().Transitions, "{transition}", "Customers that changed their segment");
        _meter.CreateObservableUpDownCounter("segmentation.customers.active", () => counts.Count().ActiveCustomers, "{customer}", "Customers in memory");
        _meter.CreateObservableUpDownCounter("segmentation.customers.memory", () => counts.Count().ActiveBytes, "By", "Estimated bytes of customers in memory");
        _meter.CreateObservableUpDownCounter("segmentation.customers.memory.limit", () => counts.Count().ActiveBytesMax, "By", "Bytes of customers in memory that the settings allow");
        _meter.CreateObservableUpDownCounter(
            "segmentation.encoding.queue.length", () => counts.Count().WaitingForEncoder, "{customer}", "Customers in memory that wait for the sequence encoder");
    }

    /// <summary>What the sizes of segments are from now on; null while they are not known.</summary>
    public void Show(SegmentsView? segments) => _segments = segments;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Sizes() =>
        _segments?.Segments.Select(s => new Measurement<long>(s.Size, new KeyValuePair<string, object?>("segment", s.Key))) ?? [];

    private IEnumerable<Measurement<int>> Seen(Func<SegmentsView, int> read) => _segments is { } view ? [new Measurement<int>(read(view))] : [];
}
