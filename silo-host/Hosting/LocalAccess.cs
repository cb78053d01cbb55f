using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference;
using CustomerSegmentation.SiloHost.Access;
using CustomerSegmentation.SiloHost.Export;
using CustomerSegmentation.SiloHost.Import;
using CustomerSegmentation.SiloHost.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>A shop opened by this process for one command.</summary>
internal sealed class LocalAccess(OpenShop shop, TextModel texts, ServiceOptions options, InferenceOptions inference, TimeProvider time)
    : ISegmentationAccess
{
    private const int PageSize = 500;

    private EncoderRuntime? _runtime;
    private ModelCatalogue? _models;

    public string Description => shop.Description;

    public IEventSink Sink { get; } = new EngineSink(shop.Engine, time);

    public DateTimeOffset? Earliest =>
        options.JournalRetentionDays > 0 ? time.GetUtcNow() - TimeSpan.FromDays(options.JournalRetentionDays) : null;

    /// <summary>Made when it is asked for: few commands need the library of ONNX Runtime.</summary>
    public IModelCatalogue Models => OpenModels();

    public Task<SegmentationView> StartReclusteringAsync(SegmentationRequest request, CancellationToken cancellationToken) =>
        shop.Engine.Coordinator.StartAsync(request, cancellationToken);

    public Task<SegmentationView?> GetSegmentationAsync(int version, CancellationToken cancellationToken) =>
        shop.Engine.Coordinator.GetAsync(version, cancellationToken);

    public Task CancelReclusteringAsync(int version, CancellationToken cancellationToken) =>
        shop.Engine.Coordinator.CancelAsync(version, cancellationToken);

    public Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken) => shop.Engine.GetSegmentsAsync(cancellationToken);

    public async IAsyncEnumerable<CustomerSummary> ListCustomersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await shop.Engine.ListCustomersAsync(null, cursor, PageSize, cancellationToken);
            foreach (var customer in page.Items)
            {
                yield return customer;
            }

            cursor = page.Next;
        }
        while (cursor is not null);
    }

    public async Task ExportAsync(ExportRequest request, Stream output, ExportProgress progress, CancellationToken cancellationToken)
    {
        IEncoder encoder = new NoEncoder("it is not asked for");
        if (request is { Kind: ExportKind.Features, FeaturesOnly: false })
        {
            var chosen = new ChosenModel(Shelf(), OpenRuntime());
            await chosen.RenewAsync(cancellationToken);
            (encoder, progress.Lacking) = (_runtime!.Encoder, chosen.Lacking);
        }

        await TableExport.WriteAsync(request, shop.Storage.Journal, shop.Engine.ReferenceMs, encoder, texts.Encoder, time, output, progress, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await shop.DisposeAsync();
        }
        finally
        {
            await (_runtime?.DisposeAsync() ?? ValueTask.CompletedTask);
            await texts.DisposeAsync();
        }
    }

    private ModelCatalogue OpenModels() =>
        _models ??= new ModelCatalogue(Shelf(), OpenRuntime(), new LocalRunners(OpenRuntime(), new ChosenModel(Shelf(), OpenRuntime())));

    private ModelShelf Shelf() => new(shop.Storage.Models, options.SequenceModel);

    /// <summary>Commands say themselves what goes wrong with a model.</summary>
    private EncoderRuntime OpenRuntime() => _runtime ??= new EncoderRuntime(inference, time, NullLoggerFactory.Instance);
}
