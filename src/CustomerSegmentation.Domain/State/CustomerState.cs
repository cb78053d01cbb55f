using System.Buffers;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Domain.State;

/// <summary>Everything that a customer's actor holds and that a snapshot keeps.</summary>
public sealed class CustomerState
{
    public const int TransitionsMax = 16;
    public const int JoinedIdsMax = 32;

    public CustomerState(string customerId) => CustomerId = customerId;

    public string CustomerId { get; }

    /// <summary>Sequence number of the last event applied; 0 before the first.</summary>
    public long Sequence { get; private set; }

    public CustomerFeatures Features { get; } = new();
    public DuplicateWindow Duplicates { get; } = new();
    public EventRing Ring { get; } = new();
    public TraitSet Traits { get; } = new();

    /// <summary>Null until assigned.</summary>
    public SegmentAssignment? Assignment { get; set; }

    /// <summary>Newest first, at most <see cref="TransitionsMax"/>.</summary>
    public IReadOnlyList<SegmentTransition> Transitions => throw new NotImplementedException();

    /// <summary>Ids whose histories joined this customer, oldest first, at most <see cref="JoinedIdsMax"/>.</summary>
    public IReadOnlyList<string> JoinedIds => throw new NotImplementedException();

    /// <summary>Ids whose histories are still to join.</summary>
    public IReadOnlyList<string> PendingJoins => throw new NotImplementedException();

    /// <summary>The customer that this history moved to; null while it is here.</summary>
    public string? MergedInto { get; private set; }

    public IReadOnlyList<AudienceMembership> Audiences => throw new NotImplementedException();

    /// <summary>When time alone may change segment or audiences, milliseconds since 1970-01-01 UTC; <see cref="long.MaxValue"/> for never.</summary>
    public long DueMs { get; set; } = long.MaxValue;

    /// <summary>Managed memory of this instance and what it owns, in bytes, estimated from capacities.</summary>
    public int EstimatedBytes => throw new NotImplementedException();

    /// <summary>Takes the customer's next event: sequence number, duplicate window, features, ring, traits.</summary>
    public void Apply(CustomerEvent e) => throw new NotImplementedException();

    /// <summary>Puts a transition in front; the oldest leaves beyond <see cref="TransitionsMax"/>.</summary>
    public void AddTransition(SegmentTransition transition) => throw new NotImplementedException();

    /// <summary>Remembers that a history is to join; nothing happens when it is pending or joined.</summary>
    public void JoinRequested(string id) => throw new NotImplementedException();

    /// <summary>Moves an id from the pending to the joined.</summary>
    public void JoinCompleted(string id) => throw new NotImplementedException();

    /// <summary>The membership of an audience, or null.</summary>
    public AudienceMembership? FindAudience(string key) => throw new NotImplementedException();

    /// <summary>Enters an audience, or renews the membership for another revision.</summary>
    public void EnterAudience(string key, int revision, long sinceMs) => throw new NotImplementedException();

    /// <summary>Leaves an audience; false when the customer was not in it.</summary>
    public bool LeaveAudience(string key) => throw new NotImplementedException();

    /// <summary>Writes the state as a Protobuf message of <c>state.proto</c>; the same events in the same order give the same bytes.</summary>
    public void Write(IBufferWriter<byte> writer) => throw new NotImplementedException();

    public byte[] ToBytes() => throw new NotImplementedException();

    /// <exception cref="CorruptStateException">The bytes are truncated, damaged or of a later incompatible schema.</exception>
    public static CustomerState Read(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();
}
