using System.Collections.Frozen;
using CustomerSegmentation.Actors.Audiences;
using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.Audiences;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>
/// One activation of a customer. Every method is one turn: synchronous, never concurrent with another turn of the same customer. The engine provides
/// that, waits for commits outside of turns, and throws the activation away when one fails.
/// </summary>
public sealed class CustomerActor
{
    private readonly CustomerActorServices _services;
    private readonly Queue<PendingEffect> _outbox = new(0);
    private readonly CustomerEncoding _encoding;
    private JournalAppend? _last;
    private long _key;

    /// <param name="services">Shared by all customers of the process.</param>
    /// <param name="state">From snapshot and journal, as <see cref="CustomerLoader"/> read it.</param>
    /// <param name="storageKey">The storage's key; 0 for a customer that was never stored.</param>
    public CustomerActor(CustomerActorServices services, CustomerState state, long storageKey)
    {
        _services = services;
        _key = storageKey;
        State = state;
        _encoding = new CustomerEncoding(state, services.Encoder);
    }

    /// <summary>Read by the engine between turns only for its size; everything else goes through turns.</summary>
    public CustomerState State { get; }

    /// <summary>Whether state has changed since the last checkpoint was built.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Whether the segment or an audience changed since the last checkpoint was built: lists and counts should follow soon.</summary>
    public bool HasVisibleChange { get; private set; }

    /// <summary>The storage's key; 0 until the first commit.</summary>
    public long StorageKey => _key != 0 ? _key : _last?.CustomerKey ?? 0;

    /// <summary>The latest append, for waiting until everything so far is committed; null when nothing was appended.</summary>
    public JournalAppend? LastAppend => _last;

    /// <summary>Takes events. See <see cref="TrackTurn"/> for what is left to do.</summary>
    /// <param name="request">The events, in order.</param>
    /// <param name="known">Message ids that the journal was found to hold; null when it was not asked.</param>
    public TrackTurn Track(TrackRequest request, IReadOnlySet<string>? known = null)
    {
        if (State.MergedInto is { } target)
        {
            return new TrackTurn { Append = PendingAppend(), ForwardTo = target };
        }
        var events = request.Events;
        Span<ulong> hashes = events.Count <= DuplicateFilter.ComparedMax ? stackalloc ulong[events.Count] : new ulong[events.Count];
        var accepted = DuplicateFilter.Apply(State.Duplicates, events, known, hashes, out var needsJournal);
        if (needsJournal)
        {
            return new TrackTurn { NeedsJournal = true };
        }
        var duplicates = events.Count - accepted.Count;
        if (accepted.Count == 0)
        {
            // A repeat of something that is not committed yet gets its receipt with the original.
            return new TrackTurn { Append = PendingAppend(), Duplicates = duplicates, Sequence = State.Sequence };
        }
        var append = CreateAppend(accepted);
        switch (_services.Journal.TryAppend(append))
        {
            case AppendResult.Full:
                return new TrackTurn { Outcome = TrackOutcome.Overloaded };
            case AppendResult.Broken:
                return new TrackTurn { Outcome = TrackOutcome.Unavailable, Broken = true };
        }
        _last = append;
        for (var i = 0; i < accepted.Count; i++)
        {
            CustomerReplay.Apply(State, accepted[i], hashes[i]);
        }
        _services.Clock.Observe(append.MaxTimeMs);
        IsDirty = true;
        Evaluate("event");
        return new TrackTurn
        {
            Append = append,
            Accepted = accepted.Count,
            Duplicates = duplicates,
            Sequence = State.Sequence,
            HasJoins = State.PendingJoins.Count > 0,
        };
    }

    /// <summary>The last checkpoint was not written: another is needed.</summary>
    public void MarkDirty() => IsDirty = true;

    /// <summary>Journals that this customer's history belongs to another one from now on.</summary>
    public TrackTurn Close(string targetId)
    {
        var time = Math.Max(State.Features.LastSeenMs, _services.Clock.ReferenceMs);
        var closing = new CustomerEvent
        {
            MessageId = $"merged-into-{State.Sequence}",
            Kind = EventKind.MergedInto,
            TimestampMs = time,
            ReceivedMs = _services.Clock.WallMs,
            OtherId = targetId,
        };

        // The message id is new by its making: there is nothing to look up, however much the duplicate window has forgotten.
        return Track(new TrackRequest { CustomerId = State.CustomerId, Events = [closing] }, known: FrozenSet<string>.Empty);
    }

    /// <summary>Brings segment and audiences to the present: after loading, when the customer is due, when another segmentation became active.</summary>
    /// <param name="cause">Named in transitions: <c>time</c>, <c>segmentation</c>, <c>join</c>.</param>
    /// <returns>Whether there are effects to publish.</returns>
    public bool Refresh(string cause)
    {
        if (State.Sequence > 0 && State.MergedInto is null)
        {
            IsDirty = true;
            Evaluate(cause);
        }
        return _outbox.Count > 0;
    }

    /// <summary>Whether another segmentation became active since the customer was assigned.</summary>
    public bool IsBehindSegmentation =>
        State.Sequence > 0 && State.MergedInto is null && _services.Segmentation.Current is { } active && State.Assignment?.Activation != active.Activation;

    /// <summary>Whether the encoder has something to read that is not on its way yet. Events that came while a reading is under way go with the next one.</summary>
    public bool NeedsEncoding => _encoding.IsDue && !_encoding.IsUnderWay;

    /// <summary>
    /// Begins to read what is new; null when there is nothing, or a reading is under way. Wait for <see cref="LastAppend"/> as it is now and for the
    /// encoder, in any order and outside of turns, then call <see cref="EndEncoding"/>: so nothing is kept of events that are not committed.
    /// </summary>
    public EncoderRequest? TryBeginEncoding() =>
        NeedsEncoding ? _encoding.Begin(Math.Max(_services.Clock.ReferenceMs, State.Features.LastSeenMs)) : null;

    /// <summary>Ends the reading: keeps what was encoded, unless another model became current or an event came late meanwhile.</summary>
    /// <param name="request">What <see cref="TryBeginEncoding"/> gave; goes back to the encoder afterwards.</param>
    /// <param name="outcome">How it ended; null when it was given up.</param>
    /// <returns>Whether an answer was kept.</returns>
    public bool EndEncoding(EncoderRequest request, EncoderOutcome? outcome)
    {
        var kept = _encoding.End(request, outcome);
        IsDirty |= kept;
        if (kept && _services.Segmentation.Current?.Segmentation.EmbeddingModel == request.Model.Id)
        {
            Evaluate("encoder");
        }
        return kept;
    }

    /// <summary>A pending join has ended: the id is among the joined from now on, or is forgotten when its history is somebody else's.</summary>
    public void EndJoin(string otherId, bool joined)
    {
        if (joined)
        {
            State.JoinCompleted(otherId);
        }
        else
        {
            State.JoinDropped(otherId);
        }
        IsDirty = true;
    }

    /// <summary>Whether effects wait to leave. Also read outside of turns: effects of one turn may wait for the append of another.</summary>
    public bool HasEffects => _outbox.Count > 0;

    /// <summary>Takes out what may leave now: effects whose events are committed, in order.</summary>
    public void TakeEffects(ICollection<CustomerEffect> into)
    {
        while (_outbox.TryPeek(out var next) && (next.Cause is null || next.Cause.Outcome == JournalOutcome.Committed))
        {
            into.Add(_outbox.Dequeue().Effect);
        }
    }

    /// <summary>The customer as of the shop's reference time. Wait for <see cref="LastAppend"/> before giving it out.</summary>
    public CustomerView View() => CustomerViews.Create(
        State, _services.Segmentation.Current?.Segmentation, _encoding.View(), _services.Clock.ReferenceMs);

    /// <summary>Audiences that the customer is in, each with the time of entry.</summary>
    public IReadOnlyList<AudienceChange> AudienceEntries() => CustomerViews.AudienceEntries(State);

    /// <summary>Why the customer is in the segment; null while unassigned.</summary>
    public SegmentExplanation? Explain() =>
        _services.Segmentation.Current is { } active ? CustomerViews.Explain(State, active.Segmentation, _services.Clock.ReferenceMs) : null;

    /// <summary>
    /// The snapshot and profile row of now; give it to the storage only after <see cref="LastAppend"/> has committed. Clears <see cref="IsDirty"/>.
    /// </summary>
    public CustomerCheckpoint BuildCheckpoint()
    {
        IsDirty = false;
        HasVisibleChange = false;
        var reference = Math.Max(_services.Clock.ReferenceMs, State.Features.LastSeenMs);
        var vector = new float[FeatureSchema.Current.Count];
        State.Features.Materialize(reference, vector);
        State.DueMs = NextDueMs(vector, reference);
        return new CustomerCheckpoint
        {
            CustomerId = State.CustomerId,
            CustomerKey = StorageKey,
            Sequence = State.Sequence,
            State = State.ToBytes(),
            Profile = new ProfileRow
            {
                CustomerId = State.CustomerId,
                CustomerKey = StorageKey,
                Vector = vector,
                SchemaHash = FeatureSchema.Current.Hash,
                AsOfMs = reference,
                Assignment = State.Assignment is { } a
                    ? new ProfileAssignment(StorageKey, a.Segment, a.Version, a.Activation, a.Probability, a.SinceMs)
                    : null,
                Monetary = State.Features.Monetary,
                Orders = State.Features.Orders,
                FirstSeenMs = State.Features.FirstSeenMs,
                LastSeenMs = State.Features.LastSeenMs,
                DueMs = State.DueMs,
                Audiences = [.. State.Audiences.Select(m => m.Key)],
                Embedding = _encoding.Embedding(),
                EmbeddingModel = _encoding.ForRow?.Model ?? "",
                Text = State.Texts?.Current?.ToArray() ?? [],
                TextModel = State.Texts?.Current?.Model ?? "",
            },
        };
    }

    private JournalAppend CreateAppend(IReadOnlyList<CustomerEvent> events)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < events.Count; i++)
        {
            var time = events[i].TimestampMs;
            (min, max) = (Math.Min(min, time), Math.Max(max, time));
        }
        var payload = EventCodec.Encode(events, 0, events.Count);
        return new JournalAppend(State.CustomerId, StorageKey, State.Sequence + 1, events.Count, payload, min, max) { Previous = PendingAppend() };
    }

    /// <summary>The latest append while it is not known to be committed.</summary>
    private JournalAppend? PendingAppend()
    {
        if (_last is { Outcome: JournalOutcome.Committed })
        {
            _key = _last.CustomerKey;
            _last = null;
        }
        return _last;
    }

    private void Evaluate(string cause)
    {
        var active = _services.Segmentation.Current;
        var audiences = _services.Audiences.Current;
        if (active is null && audiences.Count == 0 && State.Audiences.Count == 0)
        {
            return;
        }
        Span<float> vector = stackalloc float[SegmentVector.SizeOf(active?.Segmentation)];
        var reference = Math.Max(_services.Clock.ReferenceMs, State.Features.LastSeenMs);
        SegmentVector.Write(active?.Segmentation, State, reference, vector);
        if (active is not null)
        {
            Assign(active, vector, reference, cause);
        }
        if (audiences.Count > 0 || State.Audiences.Count > 0)
        {
            EvaluateAudiences(audiences, vector[..FeatureSchema.Current.Count], reference);
        }
    }

    private void Assign(ActivatedSegmentation active, ReadOnlySpan<float> vector, long referenceMs, string cause)
    {
        var before = State.Assignment;
        var choice = active.Segmentation.Assign(vector, before?.Segment);
        var key = active.Segmentation.Segments[choice.Index].Key;
        if (before is { } b && b.Segment == key)
        {
            State.Assignment = new SegmentAssignment(key, active.Segmentation.Version, active.Activation, choice.Probability, b.SinceMs);
            return;
        }
        State.Assignment = new SegmentAssignment(key, active.Segmentation.Version, active.Activation, choice.Probability, referenceMs);
        Record(before?.Segment, key, referenceMs, active.Segmentation.Version, before is { } o && o.Activation != active.Activation ? "segmentation" : cause);
    }

    private void Record(string? from, string to, long timeMs, int version, string cause)
    {
        var transition = new SegmentTransition
        {
            CustomerId = State.CustomerId,
            From = from,
            To = to,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(timeMs),
            Version = version,
            Cause = cause,
        };
        State.AddTransition(transition);
        HasVisibleChange = true;
        _outbox.Enqueue(new PendingEffect(PendingAppend(), new CustomerEffect(transition, null)));
    }

    private void EvaluateAudiences(IReadOnlyList<ActiveAudiences.Audience> audiences, ReadOnlySpan<float> vector, long referenceMs)
    {
        var context = Context(vector, referenceMs);
        foreach (var audience in audiences)
        {
            var member = State.FindAudience(audience.Key);
            var fits = audience.Rule.Evaluate(context);
            if (fits && member?.Revision != audience.Revision)
            {
                State.EnterAudience(audience.Key, audience.Revision, member?.SinceMs ?? referenceMs);
            }
            if (fits != member.HasValue)
            {
                if (!fits)
                {
                    State.LeaveAudience(audience.Key);
                }
                Announce(audience.Key, fits, referenceMs);
            }
        }
        for (var i = State.Audiences.Count - 1; i >= 0; i--)
        {
            var key = State.Audiences[i].Key;
            if (!audiences.Any(a => a.Key == key))
            {
                State.LeaveAudience(key);
                Announce(key, false, referenceMs);
            }
        }
    }

    private void Announce(string audience, bool entered, long timeMs)
    {
        HasVisibleChange = true;
        var change = new AudienceChange
        {
            CustomerId = State.CustomerId,
            Audience = audience,
            Entered = entered,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(timeMs),
        };
        _outbox.Enqueue(new PendingEffect(PendingAppend(), new CustomerEffect(null, change)));
    }

    private AudienceContext Context(ReadOnlySpan<float> vector, long referenceMs) => new()
    {
        Vector = vector,
        AsOfMs = referenceMs,
        Traits = State.Traits,
        Segment = State.Assignment?.Segment,
    };

    private long NextDueMs(ReadOnlySpan<float> vector, long referenceMs)
    {
        if (State.MergedInto is not null)
        {
            return long.MaxValue;
        }
        if (State.PendingJoins.Count > 0)
        {
            return referenceMs;
        }
        var due = _encoding.DueMs(referenceMs, _services.Clock.IsHistorical);
        if (_services.Segmentation.Current is { } active && State.Assignment is { } assignment)
        {
            Span<float> place = stackalloc float[SegmentVector.SizeOf(active.Segmentation)];
            vector.CopyTo(place);
            SegmentVector.WriteEmbeddings(active.Segmentation, State, place[vector.Length..]);
            due = Math.Min(due, active.Segmentation.NextCheckMs(place, referenceMs, active.Segmentation.Assign(place, assignment.Segment)));
        }
        foreach (var audience in _services.Audiences.Current)
        {
            due = Math.Min(due, audience.Rule.NextDueMs(Context(vector, referenceMs), referenceMs));
        }
        return due;
    }

    private readonly record struct PendingEffect(JournalAppend? Cause, CustomerEffect Effect);
}
