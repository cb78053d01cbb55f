namespace CustomerSegmentation.Storage.Profiles;

/// <summary>A customer's segment as the profile index holds it.</summary>
/// <param name="CustomerKey">The storage's key of the customer.</param>
/// <param name="Segment">Segment key.</param>
/// <param name="Version">Segmentation version.</param>
/// <param name="Activation">The activation under which it was assigned.</param>
/// <param name="Probability">0 to 1.</param>
/// <param name="SinceMs">When the customer entered, milliseconds since 1970-01-01 UTC.</param>
public sealed record ProfileAssignment(long CustomerKey, string Segment, int Version, long Activation, double Probability, long SinceMs)
{
    /// <summary>
    /// When time alone may move the customer to another segment; <see cref="long.MaxValue"/> for never. A bulk re-assignment moves
    /// <see cref="ProfileRow.DueMs"/> forward to it where that is later; elsewhere it says nothing.
    /// </summary>
    public long DueMs { get; init; } = long.MaxValue;
}
