namespace CustomerSegmentation.Storage.Profiles;

/// <summary>How many customers a segment has and what they are worth.</summary>
/// <param name="Key">Segment key; empty for unassigned customers.</param>
/// <param name="Customers">Customers in it.</param>
/// <param name="Monetary">Orders less refunds, in the shop's currency, exact to a ten-thousandth per row (<see cref="MonetaryUnits"/>).</param>
public sealed record SegmentTotal(string Key, long Customers, double Monetary);
