using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.SiloHost.Export;
using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Access;

/// <summary>
/// The system that a command works on: a data folder opened by this process, or the service that holds the folder. Commands do not tell them apart.
/// </summary>
internal interface ISegmentationAccess : IAsyncDisposable
{
    /// <summary>For people: <c>./data</c>, or <c>the service at http://…</c>.</summary>
    string Description { get; }

    IEventSink Sink { get; }

    /// <summary>Events before this are refused; null when it is the service that knows.</summary>
    DateTimeOffset? Earliest { get; }

    /// <summary>The shop's sequence models.</summary>
    IModelCatalogue Models { get; }

    Task<SegmentationView> StartReclusteringAsync(SegmentationRequest request, CancellationToken cancellationToken);

    Task<SegmentationView?> GetSegmentationAsync(int version, CancellationToken cancellationToken);

    Task CancelReclusteringAsync(int version, CancellationToken cancellationToken);

    Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken);

    /// <summary>All customers, ordered by id.</summary>
    IAsyncEnumerable<CustomerSummary> ListCustomersAsync(CancellationToken cancellationToken);

    /// <summary>Writes an export as CSV text in UTF-8.</summary>
    Task ExportAsync(ExportRequest request, Stream output, ExportProgress progress, CancellationToken cancellationToken);
}
