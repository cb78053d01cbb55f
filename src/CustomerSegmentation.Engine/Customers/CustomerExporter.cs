using System.Runtime.CompilerServices;
using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Storage;

namespace CustomerSegmentation.Engine.Customers;

/// <summary>
/// Gives everything that is held about a person. The head is read under the turns of all ids, so it is of one moment; events are then streamed without holding
/// anybody up, as many as there were at that moment.
/// </summary>
internal sealed class CustomerExporter(PersonFinder persons, IStorage storage, TimeProvider timeProvider)
{
    private const int RejectionsPerPage = 500;

    public async IAsyncEnumerable<CustomerExportPart> ExportAsync(string customerId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var head = await ReadHeadAsync(customerId, cancellationToken);
        if (head.Erased)
        {
            yield return new CustomerExportPart { Head = head };
            yield break;
        }
        var ids = head.Ids.Select(id => id.Id).ToHashSet(StringComparer.Ordinal);
        var begun = head.Ids.Any(id => id.Events > 0);
        if (begun)
        {
            yield return new CustomerExportPart { Head = head };
        }
        foreach (var id in head.Ids)
        {
            await foreach (var e in CustomerTimeline.ReadAllAsync(storage.Journal, id.Id, id.Events, cancellationToken))
            {
                yield return new CustomerExportPart { Event = e };
            }
        }
        await foreach (var rejection in ReadRejectionsAsync(ids, cancellationToken))
        {
            if (!begun)
            {
                begun = true;
                yield return new CustomerExportPart { Head = head };
            }
            yield return new CustomerExportPart { Rejection = rejection };
        }
    }

    private async Task<CustomerExportHead> ReadHeadAsync(string customerId, CancellationToken cancellationToken)
    {
        var held = await persons.HoldAllAsync(customerId, cancellationToken);
        try
        {
            var ids = new List<ExportedId>(held.Count);
            foreach (var customer in held.OrderBy(c => c.MergedInto is not null).ThenByDescending(c => c.Sequence))
            {
                ids.Add(await customer.DescribeAsync(cancellationToken));
            }
            return new CustomerExportHead
            {
                Id = customerId,
                ExportedAt = timeProvider.GetUtcNow(),
                Erased = held.Any(c => c.CustomerId == customerId && c.Erased),
                Ids = ids,
            };
        }
        finally
        {
            foreach (var customer in held)
            {
                await customer.ReleaseAsync(HoldEnd.Kept);
            }
        }
    }

    private async IAsyncEnumerable<RejectionView> ReadRejectionsAsync(
        HashSet<string> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = long.MaxValue;
        while (true)
        {
            var page = await storage.Rejections.ListAsync(before, RejectionsPerPage, cancellationToken);
            foreach (var rejection in page.Where(r => r.CustomerId is { } id && ids.Contains(id)))
            {
                yield return rejection;
            }
            if (page.Count < RejectionsPerPage)
            {
                yield break;
            }
            before = page[^1].Id;
        }
    }
}
