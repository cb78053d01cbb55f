using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Orleans.Customers;

/// <summary>A customer as callers reach it: a silo that does not answer is told in the contract's own terms.</summary>
internal sealed class ClusterCustomer(string customerId, ICustomerGrain grain) : ICustomerActor
{
    public async Task<TrackReceipt> TrackAsync(TrackRequest request, CancellationToken cancellationToken = default)
    {
        try
        {
            return await grain.TrackAsync(request, cancellationToken);
        }
        catch (Exception e) when (IsOfTheCluster(e))
        {
            return Unanswered(e);
        }
    }

    public Task<CustomerView?> GetAsync(CancellationToken cancellationToken = default) => AskAsync(grain.GetAsync(cancellationToken));

    public Task<CustomerHistory?> GetHistoryAsync(long? before = null, int limit = 50, CancellationToken cancellationToken = default) =>
        AskAsync(grain.GetHistoryAsync(before, limit, cancellationToken));

    public Task<SegmentExplanation?> ExplainAsync(CancellationToken cancellationToken = default) => AskAsync(grain.ExplainAsync(cancellationToken));

    public async IAsyncEnumerable<CustomerExportPart> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var parts = grain.ExportAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await AskAsync(parts.MoveNextAsync().AsTask()))
        {
            yield return parts.Current;
        }
    }

    public Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken = default) => AskAsync(grain.EraseAsync(cancellationToken));

    /// <summary>Whether events of a call that ended so are there is decided by sending them again.</summary>
    public static TrackReceipt Unanswered(Exception e) => new()
    {
        Outcome = TrackOutcome.Unavailable, Reason = $"the customer's silo did not answer: {e.Message}",
    };

    public static bool IsOfTheCluster(Exception e) => e is OrleansException or TimeoutException;

    private async Task<T> AskAsync<T>(Task<T> answer)
    {
        try
        {
            return await answer;
        }
        catch (Exception e) when (IsOfTheCluster(e))
        {
            throw new EngineUnavailableException($"The silo of customer {customerId} does not answer; try again.", e);
        }
    }
}
