using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Customers;

/// <summary>What the storage holds of a customer.</summary>
public sealed class StoredCustomer
{
    public required long Key { get; init; }

    /// <summary>Set when the customer was erased; nothing else is meaningful then.</summary>
    public bool Erased { get; init; }

    /// <summary>Sequence number of the last event in <see cref="State"/>; 0 without a snapshot.</summary>
    public long Sequence { get; init; }

    /// <summary>The snapshot as <c>Domain.State.CustomerState</c> wrote it; empty without one.</summary>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Sequence number of the last event in the journal.</summary>
    public long JournalSequence { get; init; }

    /// <summary>The segment in the profile row, which a re-clustering may have moved since the snapshot; null without a row.</summary>
    public ProfileAssignment? Assignment { get; init; }
}
