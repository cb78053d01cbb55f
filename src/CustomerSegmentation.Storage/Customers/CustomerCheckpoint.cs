using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Customers;

/// <summary>A customer's snapshot with the profile row that belongs to it.</summary>
public sealed class CustomerCheckpoint
{
    public required string CustomerId { get; init; }

    /// <summary>The storage's key, from the first journal commit.</summary>
    public required long CustomerKey { get; init; }

    /// <summary>Sequence number of the last event in <see cref="State"/>; committed in the journal before the checkpoint is given.</summary>
    public required long Sequence { get; init; }

    public required ReadOnlyMemory<byte> State { get; init; }

    public required ProfileRow Profile { get; init; }
}
