using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Api.Tests.Fakes;

internal sealed class FakeCustomer(string id, CustomerView? view) : ICustomerActor
{
    public (long? Before, int Limit)? HistoryAsked { get; private set; }

    public Task<TrackReceipt> TrackAsync(TrackRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Thrown by a read.</summary>
    public Exception? Fault { get; set; }

    public Task<CustomerView?> GetAsync(CancellationToken cancellationToken = default) => Fault is null ? Task.FromResult(view) : throw Fault;

    public Task<CustomerHistory?> GetHistoryAsync(long? before = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        HistoryAsked = (before, limit);
        return Task.FromResult(view is null ? null : new CustomerHistory { Id = id, Items = [], Transitions = [], Next = 7 });
    }

    public Task<SegmentExplanation?> ExplainAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(view?.Segment is not { } segment
            ? null
            : new SegmentExplanation { CustomerId = id, Segment = segment, Contributions = [], Text = "Orders often." });

    public async IAsyncEnumerable<CustomerExportPart> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var part in Export)
        {
            yield return part;
        }
    }

    public IReadOnlyList<CustomerExportPart> Export { get; init; } = [];

    public Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new ErasureReceipt { Id = id, Events = view is null ? 0 : 3, States = view is null ? 0 : 1 });
}
