using System.Buffers;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Hashing;

namespace CustomerSegmentation.Domain.State;

/// <summary>Everything that a customer's actor holds and that a snapshot keeps. Not safe for two threads at once.</summary>
public sealed class CustomerState
{
    /// <summary>Segment transitions that are kept.</summary>
    public const int TransitionsMax = 16;

    /// <summary>Joined ids that are kept.</summary>
    public const int JoinedIdsMax = 32;

    // What this object, its feature parts and its lists take before anything is in them: measured, rounded up.
    private const int OwnBytes = 1_450;

    private readonly TransitionLog _transitions = new(TransitionsMax);
    private readonly List<string> _joinedIds = [];
    private readonly List<string> _pendingJoins = [];
    private readonly List<AudienceMembership> _audiences = [];

    public CustomerState(string customerId)
        : this(customerId, new CustomerFeatures(), new DuplicateWindow(), new EventRing())
    {
    }

    internal CustomerState(string customerId, CustomerFeatures features, DuplicateWindow duplicates, EventRing ring)
    {
        CustomerId = customerId;
        Features = features;
        Duplicates = duplicates;
        Ring = ring;
    }

    public string CustomerId { get; }

    /// <summary>Sequence number of the last event applied; 0 before the first.</summary>
    public long Sequence { get; internal set; }

    public CustomerFeatures Features { get; }
    public DuplicateWindow Duplicates { get; }
    public EventRing Ring { get; }
    public TraitSet Traits { get; } = new();

    /// <summary>Null until assigned.</summary>
    public SegmentAssignment? Assignment { get; set; }

    /// <summary>Newest first, at most <see cref="TransitionsMax"/>; a copy.</summary>
    public IReadOnlyList<SegmentTransition> Transitions => _transitions.ToList(CustomerId);

    /// <summary>Ids whose histories joined this customer, oldest first, at most <see cref="JoinedIdsMax"/>.</summary>
    public IReadOnlyList<string> JoinedIds => _joinedIds;

    /// <summary>Ids whose histories are still to join.</summary>
    public IReadOnlyList<string> PendingJoins => _pendingJoins;

    /// <summary>The customer that this history moved to; null while it is here.</summary>
    public string? MergedInto { get; internal set; }

    /// <summary>Audiences that the customer is in, in the order of entry.</summary>
    public IReadOnlyList<AudienceMembership> Audiences => _audiences;

    /// <summary>What the sequence encoder knows of the customer; null until it has read something.</summary>
    public EncoderState? Encoder { get; internal set; }

    /// <summary>What text models made of the customer's texts; null while none has read any.</summary>
    public TextMeans? Texts { get; internal set; }

    /// <summary>When time alone may change segment or audiences, milliseconds since 1970-01-01 UTC; <see cref="long.MaxValue"/> for never.</summary>
    public long DueMs { get; set; } = long.MaxValue;

    /// <summary>Managed memory of this instance and what it owns, in bytes, estimated from capacities. Names shared between customers are not counted.</summary>
    public int EstimatedBytes
    {
        get
        {
            var bytes = OwnBytes + Features.EstimatedBytes + Duplicates.EstimatedBytes + Ring.EstimatedBytes + Traits.EstimatedBytes
                + _transitions.EstimatedBytes + 22 + (2 * CustomerId.Length)
                + (8 * (_joinedIds.Capacity + _pendingJoins.Capacity)) + (24 * _audiences.Capacity)
                + (Encoder?.EstimatedBytes ?? 0) + (Texts?.EstimatedBytes ?? 0);
            foreach (var id in _joinedIds)
            {
                bytes += 22 + (2 * id.Length);
            }

            foreach (var id in _pendingJoins)
            {
                bytes += 22 + (2 * id.Length);
            }

            return bytes;
        }
    }

    internal TransitionLog TransitionLog => _transitions;

    /// <summary>Takes the customer's next event: sequence number, duplicate window, features, ring, traits, texts.</summary>
    public void Apply(CustomerEvent e) => Apply(e, DuplicateWindow.HashOf(e.MessageId));

    /// <summary>The same, where the message id's <see cref="DuplicateWindow.HashOf"/> is known already.</summary>
    public void Apply(CustomerEvent e, ulong messageHash)
    {
        Sequence++;
        Duplicates.Add(messageHash, e.TimestampMs);
        Features.Apply(e);
        if (e.Traits.Count > 0)
        {
            Traits.Apply(e.Traits, e.TimestampMs);
        }

        if (e.TextEmbedding is { } text)
        {
            (Texts ??= new TextMeans()).Add(text, e.ReceivedMs);
        }

        if (EncoderToken.IsOf(e.Kind))
        {
            Ring.Add(EncoderToken.Of(e));
        }
        else if (e.Kind == EventKind.MergedInto)
        {
            MergedInto = e.OtherId;
        }
    }

    /// <summary>Puts a transition in front; the oldest leaves beyond <see cref="TransitionsMax"/>. Times are kept to the millisecond.</summary>
    public void AddTransition(SegmentTransition transition) => _transitions.Add(transition);

    /// <summary>Remembers that a history is to join; nothing happens when it is pending or joined, or the id is this customer's own.</summary>
    public void JoinRequested(string id)
    {
        if (id != CustomerId && !_pendingJoins.Contains(id) && !_joinedIds.Contains(id))
        {
            _pendingJoins.Add(id);
        }
    }

    /// <summary>Moves an id from the pending to the joined; the oldest leaves beyond <see cref="JoinedIdsMax"/>.</summary>
    public void JoinCompleted(string id)
    {
        _pendingJoins.Remove(id);
        if (_joinedIds.Contains(id))
        {
            return;
        }

        if (_joinedIds.Count == JoinedIdsMax)
        {
            _joinedIds.RemoveAt(0);
        }

        _joinedIds.Add(id);
    }

    /// <summary>Forgets a pending join: the history is another customer's.</summary>
    public void JoinDropped(string id) => _pendingJoins.Remove(id);

    /// <summary>The membership of an audience, or null.</summary>
    public AudienceMembership? FindAudience(string key)
    {
        var index = IndexOfAudience(key);
        return index < 0 ? null : _audiences[index];
    }

    /// <summary>Enters an audience. A customer who is in it already stays since then, under the new revision.</summary>
    public void EnterAudience(string key, int revision, long sinceMs)
    {
        var index = IndexOfAudience(key);
        if (index < 0)
        {
            _audiences.Add(new AudienceMembership(NamePool.Share(key), revision, sinceMs));
        }
        else
        {
            _audiences[index] = _audiences[index] with { Revision = revision };
        }
    }

    /// <summary>Leaves an audience; false when the customer was not in it.</summary>
    public bool LeaveAudience(string key)
    {
        var index = IndexOfAudience(key);
        if (index >= 0)
        {
            _audiences.RemoveAt(index);
        }

        return index >= 0;
    }

    /// <summary>Writes the state as a Protobuf message of <c>state.proto</c>; the same events in the same order give the same bytes.</summary>
    public void Write(IBufferWriter<byte> writer) => StateSnapshot.Write(this, writer);

    /// <summary>The bytes of <see cref="Write"/>.</summary>
    public byte[] ToBytes() => StateSnapshot.ToBytes(this);

    /// <summary>Reads what <see cref="Write"/> wrote, in this or an earlier version.</summary>
    /// <exception cref="CorruptStateException">The bytes are truncated, damaged or of a later schema.</exception>
    public static CustomerState Read(ReadOnlySpan<byte> bytes) => StateSnapshot.Read(bytes);

    internal void RestoreLists(IEnumerable<string> joinedIds, IEnumerable<string> pendingJoins, IEnumerable<AudienceMembership> audiences)
    {
        _joinedIds.AddRange(joinedIds);
        _pendingJoins.AddRange(pendingJoins);
        _audiences.AddRange(audiences);
    }

    private int IndexOfAudience(string key)
    {
        for (var i = 0; i < _audiences.Count; i++)
        {
            if (_audiences[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }
}
