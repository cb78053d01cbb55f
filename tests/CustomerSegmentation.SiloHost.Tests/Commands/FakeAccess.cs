using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.SiloHost.Access;
using CustomerSegmentation.SiloHost.Export;
using CustomerSegmentation.SiloHost.Import;
using CustomerSegmentation.SiloHost.Tests.Fakes;

namespace CustomerSegmentation.SiloHost.Tests.Commands;

/// <summary>A system whose answers the test sets.</summary>
internal sealed class FakeAccess : ISegmentationAccess
{
    private int _polls;

    public FakeEngine Engine { get; } = new();

    public SegmentationStatus EndsAs { get; set; } = SegmentationStatus.Active;

    public SegmentationRequest? Requested { get; private set; }

    public ExportRequest? Exported { get; private set; }

    public List<CustomerSummary> Customers { get; } = [];

    public string Description => "the test";

    public IEventSink Sink => new EngineSink(Engine, new TestClock());

    public DateTimeOffset? Earliest => null;

    public IModelCatalogue Models => throw new NotSupportedException("No test asks for models of this system.");

    public Task<SegmentationView> StartReclusteringAsync(SegmentationRequest request, CancellationToken cancellationToken)
    {
        Requested = request;
        return Task.FromResult(View(SegmentationStatus.Running));
    }

    public Task<SegmentationView?> GetSegmentationAsync(int version, CancellationToken cancellationToken) =>
        Task.FromResult<SegmentationView?>(View(++_polls < 3 ? SegmentationStatus.Running : EndsAs));

    public Task CancelReclusteringAsync(int version, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new SegmentsView { Version = 3, Segments = Segments(), Customers = 10 });

    public async IAsyncEnumerable<CustomerSummary> ListCustomersAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var customer in Customers)
        {
            yield return customer;
        }
    }

    public async Task ExportAsync(ExportRequest request, Stream output, ExportProgress progress, CancellationToken cancellationToken)
    {
        Exported = request;
        await output.WriteAsync("customer_id\nada\n"u8.ToArray(), cancellationToken);
        progress.AddRows(1);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static List<SegmentView> Segments() =>
    [
        new() { Key = "champions", Name = "Champions", Description = "", Size = 4, Share = 0.4, MonetaryShare = 0.8, Distinguishing = [] },
        new() { Key = "hibernating", Name = "Hibernating", Description = "", Size = 6, Share = 0.6, MonetaryShare = 0.2, Distinguishing = [] },
    ];

    private SegmentationView View(SegmentationStatus status) =>
        new() { Version = 3, Status = status, Step = "fitting", Error = status == SegmentationStatus.Failed ? "too few customers" : null, Segments = Segments() };
}
