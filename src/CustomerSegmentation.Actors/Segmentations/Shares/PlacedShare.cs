namespace CustomerSegmentation.Actors.Segmentations.Shares;

/// <summary>Where a share's customers would be in a version.</summary>
/// <param name="Sizes">Customers of each segment, in the version's order.</param>
/// <param name="Money">Orders less refunds of each segment's customers.</param>
/// <param name="Moves">Who would change the segment: from a key (empty for none) to a position, and how many.</param>
/// <param name="Read">Rows in the share.</param>
public sealed record PlacedShare(
    IReadOnlyList<long> Sizes, IReadOnlyList<double> Money, IReadOnlyDictionary<(string From, int To), long> Moves, long Read);
