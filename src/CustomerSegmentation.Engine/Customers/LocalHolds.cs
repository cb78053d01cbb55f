using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Engine.Customers;

/// <summary>Holds turns of customers whose actors are in this process.</summary>
internal sealed class LocalHolds(CustomerTurns turns, IStorage storage) : ICustomerHolds
{
    public async Task<IHeldCustomer> HoldAsync(string customerId, CancellationToken cancellationToken) => await HoldLocalAsync(customerId, cancellationToken);

    /// <inheritdoc cref="ICustomerHolds.HoldAsync"/>
    public async Task<LocalHold> HoldLocalAsync(string customerId, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < ICustomerHolds.AttemptsMax; attempt++)
        {
            var cell = await turns.EnterBeyondLimitsAsync(customerId, cancellationToken);
            if (cell.Actor!.LastAppend is not { } last)
            {
                return new LocalHold(turns, storage, cell);
            }
            await last.Completion;
            if (last.Outcome == JournalOutcome.Committed)
            {
                return new LocalHold(turns, storage, cell);
            }
            turns.Discard(cell);
            turns.Exit(cell);
        }
        throw new EngineBusyException(customerId);
    }

    internal sealed class LocalHold(CustomerTurns turns, IStorage storage, CustomerCell cell) : IHeldCustomer
    {
        private readonly CustomerActor _actor = cell.Actor!;

        /// <summary>For what its own engine does beside what every engine's holds can do.</summary>
        public CustomerActor Actor => _actor;

        public string CustomerId => cell.CustomerId;

        public bool Erased => cell.Erased;

        public string? MergedInto => _actor.State.MergedInto;

        public long Sequence => _actor.State.Sequence;

        public string? Segment => _actor.State.Assignment?.Segment;

        public int SegmentVersion => _actor.State.Assignment?.Version ?? 0;

        public async Task<IReadOnlySet<string>> FindNamedIdsAsync(CancellationToken cancellationToken)
        {
            var named = new HashSet<string>(_actor.State.PendingJoins.Concat(_actor.State.JoinedIds), StringComparer.Ordinal);
            if (!cell.Erased)
            {
                await CustomerTimeline.FindNamedIdsAsync(storage.Journal, cell.CustomerId, named, cancellationToken);
            }
            return named;
        }

        public async Task<ExportedId> DescribeAsync(CancellationToken cancellationToken)
        {
            var state = _actor.State;
            var stored = await storage.Customers.LoadAsync(cell.CustomerId, cancellationToken);
            var lives = !cell.Erased && state is { Sequence: > 0, MergedInto: null };
            return new ExportedId
            {
                Id = cell.CustomerId,
                MergedInto = state.MergedInto,
                Events = state.Sequence,
                SnapshotSequence = stored?.Sequence ?? 0,
                SnapshotBytes = stored?.State.Length ?? 0,
                Customer = lives ? _actor.View() : null,
                Transitions = lives ? [.. state.Transitions] : [],
                Audiences = lives ? _actor.AudienceEntries() : [],
                Embedding = lives ? state.Encoder?.ToEmbedding() ?? [] : [],
            };
        }

        public ValueTask ReleaseAsync(HoldEnd end)
        {
            if (end == HoldEnd.Forgotten)
            {
                turns.Forget(cell);
            }
            else if (end == HoldEnd.Discarded)
            {
                turns.Discard(cell);
            }
            turns.Exit(cell);
            return ValueTask.CompletedTask;
        }
    }
}
