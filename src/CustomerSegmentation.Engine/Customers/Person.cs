namespace CustomerSegmentation.Engine.Customers;

/// <summary>The ids of one person.</summary>
/// <param name="Ids">The customer first, then those whose histories joined or wait to join.</param>
/// <param name="Others">Ids that were named too and belong to somebody else.</param>
internal sealed record Person(IReadOnlyList<string> Ids, IReadOnlySet<string> Others);
