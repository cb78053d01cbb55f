using System.Collections.Concurrent;
using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Customers;

/// <summary>Joins the histories that a customer waits for, one driver a customer at a time.</summary>
internal sealed class JoinQueue(CustomerTurns turns, ILogger logger)
{
    private readonly ConcurrentDictionary<string, bool> _driven = new(StringComparer.Ordinal);

    /// <summary>Set once by the engine: the joiner tracks through the pipeline, which drives joins itself.</summary>
    public CustomerJoiner Joiner { private get; set; } = null!;

    /// <summary>Joins all that is pending. A failure is logged, and a caller who gives up is let go; the customer stays due and the next sweep tries again.</summary>
    public async Task JoinAsync(string customerId, CancellationToken cancellationToken)
    {
        if (!_driven.TryAdd(customerId, true))
        {
            return;
        }
        var otherId = "";
        try
        {
            while (await NextAsync(customerId, cancellationToken) is { } next)
            {
                otherId = next;
                var outcome = await Joiner.JoinAsync(customerId, otherId, cancellationToken);
                if (outcome == JoinOutcome.Later)
                {
                    return;
                }
                await EndAsync(customerId, otherId, outcome == JoinOutcome.Joined, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller is gone; its receipt stands. The customer stays due.
        }
        catch (Exception e)
        {
            EngineLog.JoinFailed(logger, otherId, customerId, e);
        }
        finally
        {
            _driven.TryRemove(customerId, out _);
        }
    }

    private async Task<string?> NextAsync(string customerId, CancellationToken cancellationToken)
    {
        if (await turns.EnterAsync(customerId, cancellationToken) is not { } cell)
        {
            return null;
        }
        var actor = cell.Actor!;
        string? next;
        JournalAppend? append;
        try
        {
            // Whoever took over a closed customer's history has its pending joins too.
            next = cell.Erased || actor.State.MergedInto is not null ? null : actor.State.PendingJoins.FirstOrDefault();
            append = actor.LastAppend;
        }
        finally
        {
            turns.Exit(cell);
        }

        // The other id is closed for good, so the event that names it has to be there for good: an erasure finds joined ids by such events.
        return next is not null && await turns.CommittedAsync(cell, actor, append) ? next : null;
    }

    private async Task EndAsync(string customerId, string otherId, bool joined, CancellationToken cancellationToken)
    {
        if (await turns.EnterAsync(customerId, cancellationToken) is not { } cell)
        {
            return;
        }
        try
        {
            if (!cell.Erased)
            {
                cell.Actor!.EndJoin(otherId, joined);
            }
        }
        finally
        {
            turns.Exit(cell);
        }
    }
}
