using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine.Embedded.Activations;
using CustomerSegmentation.Engine.Embedded.Live;
using CustomerSegmentation.Engine.Embedded.Tracking;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <summary>One customer as callers reach it; stateless, made for each call.</summary>
internal sealed class EmbeddedCustomer(
    string customerId, CustomerTurns turns, TrackPipeline pipeline, EffectPublisher effects, IJournal journal, CustomerExporter exporter, CustomerEraser eraser)
    : ICustomerActor
{
    /// <summary>How far joined customers are followed, and how often a read is tried anew after a lost activation.</summary>
    private const int HopsMax = 64;

    public async Task<TrackReceipt> TrackAsync(TrackRequest request, CancellationToken cancellationToken = default)
    {
        if (request.CustomerId != customerId)
        {
            throw new ArgumentException($"The request is for customer {request.CustomerId}, not for {customerId}.", nameof(request));
        }
        return (await pipeline.TrackAsync([request], cancellationToken))[0];
    }

    public Task<CustomerView?> GetAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(static actor => actor.View(), cancellationToken);

    public Task<SegmentExplanation?> ExplainAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(static actor => actor.Explain(), cancellationToken);

    public async Task<CustomerHistory?> GetHistoryAsync(long? before = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var head = await ReadAsync(static actor => (actor.State.CustomerId, Transitions: actor.State.Transitions.ToArray()), cancellationToken);
        if (head.CustomerId is null)
        {
            return null;
        }
        var items = await CustomerTimeline.ReadAsync(journal, head.CustomerId, before ?? long.MaxValue, limit, cancellationToken);
        var more = items.Count > limit;
        return new CustomerHistory
        {
            Id = head.CustomerId,
            Items = more ? items.GetRange(0, limit) : items,
            Next = more ? items[limit - 1].Sequence : null,
            Transitions = head.Transitions,
        };
    }

    public IAsyncEnumerable<CustomerExportPart> ExportAsync(CancellationToken cancellationToken = default) =>
        exporter.ExportAsync(customerId, cancellationToken);

    public Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken = default) => eraser.EraseAsync(customerId, cancellationToken);

    /// <summary>Reads in a turn, brings a customer up to date whom a re-clustering passed by, and answers once all that was read is committed.</summary>
    private async Task<T?> ReadAsync<T>(Func<CustomerActor, T> read, CancellationToken cancellationToken)
    {
        var id = customerId;
        for (var hop = 0; hop < HopsMax; hop++)
        {
            var cell = await turns.EnterAsync(id, cancellationToken) ?? throw new EngineBusyException(id);
            CustomerActor actor;
            T? result = default;
            string? target;
            JournalAppend? append;
            try
            {
                actor = cell.Actor!;
                if (cell.Erased || actor.State.Sequence == 0)
                {
                    return default;
                }
                target = actor.State.MergedInto;
                if (target is null)
                {
                    if (actor.IsBehindSegmentation)
                    {
                        actor.Refresh("segmentation");
                    }
                    result = read(actor);
                }
                append = actor.LastAppend;
            }
            finally
            {
                turns.Exit(cell);
            }
            if (await turns.CommittedAsync(cell, actor, append))
            {
                if (target is not null)
                {
                    id = target;
                    continue;
                }
                if (actor.HasEffects)
                {
                    await effects.PublishAsync(cell, actor);
                }
                return result;
            }
        }
        throw new EngineBusyException(customerId);
    }
}
