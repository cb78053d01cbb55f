using CustomerSegmentation.Contracts.Customers;

namespace CustomerSegmentation.Engine.Customers;

/// <summary>A customer whose turn is held; everything is as it was when it was taken.</summary>
internal interface IHeldCustomer
{
    string CustomerId { get; }

    /// <summary>The customer was erased.</summary>
    bool Erased { get; }

    /// <summary>The customer whom this one's history joined; null for none.</summary>
    string? MergedInto { get; }

    /// <summary>Events that were taken.</summary>
    long Sequence { get; }

    /// <summary>The segment; null when there is none.</summary>
    string? Segment { get; }

    /// <summary>The version that gave <see cref="Segment"/>.</summary>
    int SegmentVersion { get; }

    /// <summary>Ids whose histories joined or wait to join. The state keeps only the latest of them, the journal names them all.</summary>
    Task<IReadOnlySet<string>> FindNamedIdsAsync(CancellationToken cancellationToken);

    /// <summary>What is held about this id.</summary>
    Task<ExportedId> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Ends the turn. Once only.</summary>
    ValueTask ReleaseAsync(HoldEnd end);
}
