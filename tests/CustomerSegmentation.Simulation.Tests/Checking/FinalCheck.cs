using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Simulation.Tests.Clients;
using CustomerSegmentation.Simulation.Tests.Disk;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Simulation.Tests.Checking;

/// <summary>Holds what is on the disk, once the shop has come to rest, against what the clients were told.</summary>
internal sealed class FinalCheck(SimulatedDisk disk, Ledger ledger, EncodingCheck encoding, bool severalWriters)
{
    private readonly Dictionary<string, List<CustomerEvent>> _journals = new(StringComparer.Ordinal);

    public async Task RunAsync()
    {
        foreach (var id in ledger.Messages.SelectMany(m => new[] { m.CustomerId, m.Event.OtherId }).Concat(ledger.ErasuresAsked).OfType<string>().Distinct())
        {
            _journals[id] = disk.Events(id);
        }
        CheckErased();
        CheckMessages();
        var rows = new Dictionary<string, ProfileRow>(StringComparer.Ordinal);
        await foreach (var batch in disk.Storage.Profiles.ScanAsync(1_000))
        {
            foreach (var row in batch)
            {
                rows.Add(row.CustomerId, row);
            }
        }
        foreach (var (id, events) in _journals)
        {
            await CheckStateAsync(id, events, rows.GetValueOrDefault(id));
        }
        await CheckTotalsAsync(rows.Values);
    }

    /// <summary>What a segment's own actor says.</summary>
    public async Task CheckSegmentAsync(string key, SegmentView? view)
    {
        var members = await disk.Storage.Profiles.ListAsync(key, null, 1_000);
        Require(view?.Size == members.Count, Invariant.ActorsEqualProfiles, () => $"the actor of {key} says {view?.Size}, rows say {members.Count}");
    }

    /// <summary>Counts as the service gives them against the rows.</summary>
    public async Task CheckSegmentsAsync(SegmentsView view)
    {
        foreach (var segment in view.Segments)
        {
            var members = await disk.Storage.Profiles.ListAsync(segment.Key, null, 1_000);
            Require(segment.Size == members.Count, Invariant.CountsEqualProfiles, () => $"{segment.Key} says {segment.Size}, rows say {members.Count}");
        }
    }

    private static void Require(bool holds, Invariant invariant, Func<string> what) => ViolationException.ThrowUnless(holds, invariant, what);

    private void CheckErased()
    {
        foreach (var id in ledger.Erased)
        {
            Require(disk.IsErased(id) && _journals[id].Count == 0, Invariant.ErasedStaysErased, () => $"{id} is back");
            foreach (var message in ledger.Messages.Where(m => m.CustomerId == id && !severalWriters))
            {
                // Nor copies of them where the history had moved.
                var holder = _journals.FirstOrDefault(j => j.Value.Exists(e => e.MessageId == message.Event.MessageId)).Key;
                Require(holder is null, Invariant.ErasedStaysErased, () => $"{id} was erased, and {holder} still has its {message.Event.MessageId}");
            }
        }
        var allowed = Closure();
        foreach (var (id, events) in _journals)
        {
            Require(!disk.IsErased(id) || allowed.Contains(id), Invariant.ErasedStaysErased, () => $"{id} is gone, and nobody asked for it");
            var target = events.LastOrDefault(e => e.Kind == EventKind.MergedInto)?.OtherId;

            // A process that does not know of the other's join erases without it: one process at a time holds a shop's data.
            Require(
                severalWriters || target is null || !ledger.Erased.Contains(target), Invariant.ErasedStaysErased,
                () => $"{id} joined {target}, which was erased, and its events are still there");
        }
    }

    /// <summary>Who may be gone: whoever was asked for, and whoever committed events tie to them.</summary>
    private HashSet<string> Closure()
    {
        var allowed = new HashSet<string>(ledger.ErasuresAsked, StringComparer.Ordinal);
        bool grew;
        do
        {
            grew = false;
            foreach (var (one, other) in disk.Links)
            {
                grew |= allowed.Contains(one) ? allowed.Add(other) : allowed.Contains(other) && allowed.Add(one);
            }
        }
        while (grew);
        return allowed;
    }

    private void CheckMessages()
    {
        foreach (var (id, events) in _journals)
        {
            var twice = events.GroupBy(e => e.MessageId).FirstOrDefault(g => g.Count() > 1);
            Require(twice is null, Invariant.NothingTwice, () => $"{id} has {twice!.Key} {twice.Count()} times");
        }
        var anywhere = _journals.Values.SelectMany(events => events.Select(e => e.MessageId)).ToHashSet(StringComparer.Ordinal);
        foreach (var message in ledger.Messages)
        {
            var owner = Owner(message.CustomerId);
            var there = _journals[owner].Any(e => e.MessageId == message.Event.MessageId);
            Require(
                there || !message.Acknowledged || disk.IsErased(owner) || disk.IsErased(message.CustomerId), Invariant.AcknowledgedIsThere,
                () => $"{message.Event.MessageId} of {message.CustomerId} was acknowledged and {owner} lacks it");
            Require(
                message.MayBeThere || !anywhere.Contains(message.Event.MessageId), Invariant.RefusedIsNotThere,
                () => $"{message.Event.MessageId} of {message.CustomerId} was refused and is there");
        }
    }

    /// <summary>Whom the events of an id belong to now.</summary>
    private string Owner(string id)
    {
        for (var hops = 0; hops < _journals.Count; hops++)
        {
            if (_journals[id].LastOrDefault(e => e.Kind == EventKind.MergedInto)?.OtherId is not { } target)
            {
                return id;
            }
            id = target;
        }
        throw new ViolationException(Invariant.AcknowledgedIsThere, $"{id} moved in a circle");
    }

    private async Task CheckStateAsync(string id, List<CustomerEvent> events, ProfileRow? row)
    {
        var replayed = new CustomerState(id);
        events.ForEach(e => CustomerReplay.Apply(replayed, e));
        var exists = events.Count > 0 && replayed.MergedInto is null;
        var orphaned = severalWriters && replayed.MergedInto is { } target && disk.IsErased(target);
        Require(orphaned || exists == row is not null, Invariant.StateIsReplay, () => $"{id} has {events.Count} events and {(row is null ? "no" : "a")} row");
        if (!exists)
        {
            return;
        }
        var stored = CustomerState.Read((await disk.Storage.Customers.LoadAsync(id))!.State.Span);
        Copy(stored, replayed);
        Require(
            stored.ToBytes().AsSpan().SequenceEqual(replayed.ToBytes()), Invariant.StateIsReplay,
            () => $"the state of {id} at {stored.Sequence} is not a replay of its {events.Count} events");
        encoding.Check(id, events, stored, row!);
        Require(stored.PendingJoins.Count == 0, Invariant.StateIsReplay, () => $"{id} still waits for {stored.PendingJoins[0]}");
        var vector = new float[FeatureSchema.Current.Count];
        replayed.Features.Materialize(row!.AsOfMs, vector);
        Require(vector.AsSpan().SequenceEqual(row.Vector.Span), Invariant.StateIsReplay, () => $"the vector of {id} is not that of a replay");
        var orders = events.Where(e => e.Kind == EventKind.OrderCompleted).ToList();
        var audiences = Enumerable.Range(1, LiveCheck.OrdersMax).Where(n => orders.Count >= n).Select(LiveCheck.Key);
        Require(
            row.Audiences.Order(StringComparer.Ordinal).SequenceEqual(audiences), Invariant.AudiencesFollowRules,
            () => $"{id} has {orders.Count} orders and is in {string.Join(", ", row.Audiences)}");
        Require(
            row.Orders == orders.Count && row.Monetary == orders.Sum(o => o.Amount), Invariant.StateIsReplay,
            () => $"{id} has {row.Orders} orders of {row.Monetary}, the journal {orders.Count} of {orders.Sum(o => o.Amount)}");
    }

    /// <summary>What does not follow from the customer's own events: where segmentations and audiences put it, and how far joins went.</summary>
    private static void Copy(CustomerState stored, CustomerState replayed)
    {
        replayed.Assignment = stored.Assignment;
        replayed.Encoder = stored.Encoder;
        replayed.DueMs = stored.DueMs;
        foreach (var transition in stored.Transitions.Reverse())
        {
            replayed.AddTransition(transition);
        }
        foreach (var audience in stored.Audiences)
        {
            replayed.EnterAudience(audience.Key, audience.Revision, audience.SinceMs);
        }
        foreach (var joined in stored.JoinedIds)
        {
            replayed.JoinCompleted(joined);
        }
        foreach (var elsewhere in replayed.PendingJoins.Except(stored.PendingJoins).ToList())
        {
            replayed.JoinDropped(elsewhere);
        }
    }

    private async Task CheckTotalsAsync(IReadOnlyCollection<ProfileRow> rows)
    {
        var totals = await disk.Storage.Profiles.GetTotalsAsync();
        foreach (var total in totals.Segments)
        {
            var members = rows.Where(r => (r.Assignment?.Segment ?? "") == total.Key).ToList();
            Require(
                members.Count == total.Customers && members.Sum(r => r.Monetary) == total.Monetary, Invariant.CountsEqualProfiles,
                () => $"'{total.Key}' counts {total.Customers} with {total.Monetary}, rows {members.Count} with {members.Sum(r => r.Monetary)}");
        }
        Require(totals.Segments.Sum(s => s.Customers) == rows.Count, Invariant.CountsEqualProfiles, () => "rows are missing from the totals");
    }
}
