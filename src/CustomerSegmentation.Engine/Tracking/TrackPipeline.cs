using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Engine.Live;
using CustomerSegmentation.Engine.Telemetry;
using CustomerSegmentation.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Tracking;

/// <summary>
/// Takes batches of events: a turn for each customer, one after the other on the caller's thread, and one wait for the commit group in which they all
/// end up.
/// </summary>
internal sealed class TrackPipeline(
    CustomerTurns turns, IJournal journal, EventTexts texts, EffectPublisher effects, RateMeter meter, ILogger logger)
{
    /// <summary>How often a request is tried anew when its activation turned out to be stale.</summary>
    private const int AttemptsMax = 3;

    /// <summary>How far a chain of joined customers is followed.</summary>
    private const int ForwardsMax = 64;

    private static readonly Pending Unavailable = new(null, null, new TrackTurn { Outcome = TrackOutcome.Unavailable }, null);

    /// <summary>Joins the histories that a customer is waiting for; set once by the engine.</summary>
    public required Func<string, CancellationToken, Task> JoinAsync { get; init; }

    /// <summary>Tracks for a customer who may be in another process; null when everybody is in this one. The flag is that of <see cref="TrackAsync"/>.</summary>
    public Func<string, TrackRequest, bool, CancellationToken, Task<TrackReceipt>>? ForwardAsync { get; init; }

    /// <summary>Set when the engine stops: nothing is taken from then on.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Takes a batch and waits for its commits.</summary>
    /// <param name="requests">One for each customer, or several of one customer in order.</param>
    /// <param name="cancellationToken">Takes back what is not queued yet.</param>
    /// <param name="joining">They move a history that joins: what it names in turn is taken, however much waits already. Refused, it would never end.</param>
    public async Task<IReadOnlyList<TrackReceipt>> TrackAsync(
        IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken, bool joining = false)
    {
        using var activity = EngineActivities.StartTrack(requests.Count);
        if (!joining)
        {
            // What joins was read when it came.
            var reading = texts.EmbedAsync(requests, cancellationToken);
            requests = reading.IsCompletedSuccessfully ? reading.Result : await reading;
        }
        if (IsClosed)
        {
            var refused = new TrackReceipt { Outcome = TrackOutcome.Unavailable, Reason = "the service is stopping" };
            return [.. Enumerable.Repeat(refused, requests.Count)];
        }
        var pending = new Pending[requests.Count];
        for (var i = 0; i < pending.Length; i++)
        {
            // A caller who gives up takes back what is not queued yet; the rest is seen through.
            var turn = cancellationToken.IsCancellationRequested ? new(Unavailable) : TurnAsync(requests[i], joining, cancellationToken);
            pending[i] = turn.IsCompletedSuccessfully ? turn.Result : await turn;
        }
        var receipts = new TrackReceipt[pending.Length];
        for (var i = 0; i < pending.Length; i++)
        {
            var settled = SettleAsync(requests[i], pending[i], joining, cancellationToken);
            receipts[i] = settled.IsCompletedSuccessfully ? settled.Result : await settled;
        }
        if (cancellationToken.IsCancellationRequested && receipts.Any(r => r.Outcome == TrackOutcome.Unavailable))
        {
            throw new OperationCanceledException(cancellationToken);
        }
        return receipts;
    }

    /// <summary>Never throws: what fails for one customer is no matter of the others in the batch.</summary>
    private async ValueTask<Pending> TurnAsync(TrackRequest request, bool joining, CancellationToken cancellationToken)
    {
        var customerId = request.CustomerId;
        var forwards = 0;
        for (var attempt = 0; attempt < AttemptsMax && forwards <= ForwardsMax;)
        {
            CustomerCell? cell = null;
            CustomerActor actor;
            TrackTurn turn;
            try
            {
                cell = await turns.EnterAsync(customerId, cancellationToken);
                if (cell is null)
                {
                    return new Pending(null, null, new TrackTurn { Outcome = TrackOutcome.Overloaded }, null);
                }
                if (cell.Erased)
                {
                    return new Pending(null, null, new TrackTurn { Outcome = TrackOutcome.Erased }, null);
                }
                actor = cell.Actor!;
                if (!joining && CustomerReplay.NamesTooMany(actor.State, request))
                {
                    return new Pending(null, null, new TrackTurn { Outcome = TrackOutcome.Overloaded }, null);
                }
                turn = actor.Track(request);
                if (turn.NeedsJournal)
                {
                    turn = await TrackWithJournalAsync(actor, request, cancellationToken);
                }
                if (turn.Broken)
                {
                    turns.Discard(cell);
                    attempt++;
                    continue;
                }
                if (turn.ForwardTo is null)
                {
                    return new Pending(cell, actor, turn, null);
                }
            }
            catch (Exception e)
            {
                if (e is not OperationCanceledException)
                {
                    EngineLog.TurnFailed(logger, customerId, e);
                }
                return Unavailable;
            }
            finally
            {
                if (cell is not null)
                {
                    turns.Exit(cell);
                }
            }

            // Who forwards is closed for good only once that is committed: otherwise events would stay with a customer whom the history never joins.
            if (await turns.CommittedAsync(cell, actor, turn.Append))
            {
                if (ForwardAsync is not null)
                {
                    return await ForwardedAsync(turn.ForwardTo, request, joining, cancellationToken);
                }
                customerId = turn.ForwardTo;
                forwards++;
            }
            else
            {
                attempt++;
            }
        }
        return Unavailable;
    }

    private async ValueTask<Pending> ForwardedAsync(string customerId, TrackRequest request, bool joining, CancellationToken cancellationToken)
    {
        try
        {
            return new Pending(null, null, default, await ForwardAsync!(customerId, request, joining, cancellationToken));
        }
        catch (Exception e)
        {
            if (e is not OperationCanceledException)
            {
                EngineLog.TurnFailed(logger, customerId, e);
            }
            return Unavailable;
        }
    }

    /// <summary>The exact answer to what the duplicate window has forgotten. What is not committed yet must be, to be found.</summary>
    private async ValueTask<TrackTurn> TrackWithJournalAsync(CustomerActor actor, TrackRequest request, CancellationToken cancellationToken)
    {
        if (actor.LastAppend is { } last)
        {
            await last.Completion;
        }
        var known = await CustomerTimeline.FindKnownAsync(journal, actor.State.CustomerId, request.Events, cancellationToken);
        return actor.Track(request, known);
    }

    private async ValueTask<TrackReceipt> SettleAsync(TrackRequest request, Pending pending, bool joining, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (pending.Cell is null || pending.Turn.Append is not { } append)
            {
                return pending.Receipt ?? pending.Turn.ToReceipt();
            }
            if (await turns.CommittedAsync(pending.Cell, pending.Actor!, append))
            {
                break;
            }
            if (append.Outcome != JournalOutcome.Fenced || attempt >= AttemptsMax)
            {
                return pending.Turn.ToReceipt();
            }
            // Another activation wrote first. Message ids make it safe to try on what is there now.
            pending = await TurnAsync(request, joining, cancellationToken);
        }
        meter.AddEvents(pending.Turn.Accepted);
        if (pending.Actor!.HasEffects)
        {
            await effects.PublishAsync(pending.Cell, pending.Actor);
        }
        if (pending.Turn.HasJoins)
        {
            await JoinAsync(pending.Actor.State.CustomerId, cancellationToken);
        }
        return pending.Turn.ToReceipt();
    }

    /// <summary>What one request waits for; the receipt is there already when another process gave it.</summary>
    private readonly record struct Pending(CustomerCell? Cell, CustomerActor? Actor, TrackTurn Turn, TrackReceipt? Receipt);
}
