using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.SiloHost.Access;
using CustomerSegmentation.SiloHost.Export;
using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Client;

/// <summary>The service that holds the data folder.</summary>
internal sealed class RemoteAccess(ServiceClient client) : ISegmentationAccess
{
    private const int PageSize = 500;

    public string Description => $"the service at {client.BaseAddress}";

    public IEventSink Sink { get; } = HttpSink.ForAdminKey(client);

    public DateTimeOffset? Earliest => null;

    public IModelCatalogue Models { get; } = new RemoteModels(client);

    public Task<SegmentationView> StartReclusteringAsync(SegmentationRequest request, CancellationToken cancellationToken) =>
        client.PostAsync<SegmentationView>(
            "api/segmentations", new { request.SegmentCount, request.MinSegments, request.MaxSegments, request.Activate, request.Seed }, cancellationToken);

    public Task<SegmentationView?> GetSegmentationAsync(int version, CancellationToken cancellationToken) =>
        client.GetAsync<SegmentationView>($"api/segmentations/{version}", cancellationToken);

    public Task CancelReclusteringAsync(int version, CancellationToken cancellationToken) =>
        client.PostAsync<SegmentationView>($"api/segmentations/{version}/cancel", null, cancellationToken);

    public async Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken) =>
        await client.GetAsync<SegmentsView>("api/segments", cancellationToken) ?? new SegmentsView { Segments = [] };

    public async IAsyncEnumerable<CustomerSummary> ListCustomersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await client.GetAsync<Page<CustomerSummary>>(
                $"api/customers?limit={PageSize}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", cancellationToken);
            foreach (var customer in page?.Items ?? [])
            {
                yield return customer;
            }

            cursor = page?.Next;
        }
        while (cursor is not null);
    }

    public Task ExportAsync(ExportRequest request, Stream output, ExportProgress progress, CancellationToken cancellationToken)
    {
        (string Name, DateTimeOffset? Time)[] times = [("asOf", request.AsOf), ("from", request.From)];
        var query = string.Join('&', times.Where(t => t.Time is not null).Select(t => $"{t.Name}={Uri.EscapeDataString($"{t.Time:O}")}").Append(
            $"featuresOnly={(request.FeaturesOnly ? "true" : "false")}"));
        return client.CopyAsync(
            $"api/export/{request.Kind.ToString().ToLowerInvariant()}?{query}", output, read => progress.AddBytes(read), cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
