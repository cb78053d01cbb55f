using System.Runtime.CompilerServices;
using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Engine.Embedded.Activations;
using CustomerSegmentation.Storage;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <summary>
/// Gives everything that is held about a person. The head is read under the turns of all ids, so it is of one moment; events are then streamed without holding
/// anybody up, as many as there were at that moment.
/// </summary>
internal sealed class CustomerExporter(CustomerTurns turns, PersonFinder persons, IStorage storage, TimeProvider timeProvider)
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
        var cells = await persons.EnterAllAsync(customerId, cancellationToken);
        try
        {
            var ids = new List<ExportedId>(cells.Count);
            foreach (var cell in cells.OrderBy(c => c.Actor!.State.MergedInto is not null).ThenByDescending(c => c.Actor!.State.Sequence))
            {
                ids.Add(await DescribeAsync(cell, cancellationToken));
            }
            return new CustomerExportHead
            {
                Id = customerId,
                ExportedAt = timeProvider.GetUtcNow(),
                Erased = cells.Any(c => c.CustomerId == customerId && c.Erased),
                Ids = ids,
            };
        }
        finally
        {
            foreach (var cell in cells)
            {
                turns.Exit(cell);
            }
        }
    }

    /// <summary>Within the turn.</summary>
    private async Task<ExportedId> DescribeAsync(CustomerCell cell, CancellationToken cancellationToken)
    {
        var actor = cell.Actor!;
        var stored = await storage.Customers.LoadAsync(cell.CustomerId, cancellationToken);
        var lives = !cell.Erased && actor.State is { Sequence: > 0, MergedInto: null };
        return new ExportedId
        {
            Id = cell.CustomerId,
            MergedInto = actor.State.MergedInto,
            Events = actor.State.Sequence,
            SnapshotSequence = stored?.Sequence ?? 0,
            SnapshotBytes = stored?.State.Length ?? 0,
            Customer = lives ? actor.View() : null,
            Transitions = lives ? [.. actor.State.Transitions] : [],
            Audiences = lives ? actor.AudienceEntries() : [],
        };
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
