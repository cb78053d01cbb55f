using System.Collections.Concurrent;
using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Engine.Embedded.Activations;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <summary>Joins the histories that a customer waits for, one driver a customer at a time.</summary>
internal sealed class JoinQueue(CustomerTurns turns, ILogger logger)
{
    private readonly ConcurrentDictionary<string, bool> _driven = new(StringComparer.Ordinal);

    /// <summary>Set once by the engine: the joiner tracks through the pipeline, which drives joins itself.</summary>
    public CustomerJoiner Joiner { private get; set; } = null!;

    /// <summary>Joins all that is pending. A failure is logged; the customer stays due and the next sweep tries again.</summary>
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
                if (!await Joiner.JoinAsync(customerId, otherId, cancellationToken))
                {
                    return;
                }
                await CompleteAsync(customerId, otherId, cancellationToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
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
        try
        {
            return cell.Erased ? null : cell.Actor!.State.PendingJoins.FirstOrDefault();
        }
        finally
        {
            turns.Exit(cell);
        }
    }

    private async Task CompleteAsync(string customerId, string otherId, CancellationToken cancellationToken)
    {
        if (await turns.EnterAsync(customerId, cancellationToken) is not { } cell)
        {
            return;
        }
        try
        {
            if (!cell.Erased)
            {
                cell.Actor!.CompleteJoin(otherId);
            }
        }
        finally
        {
            turns.Exit(cell);
        }
    }
}
