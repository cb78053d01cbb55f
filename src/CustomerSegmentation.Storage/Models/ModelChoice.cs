namespace CustomerSegmentation.Storage.Models;

/// <summary>Which version of a kind is in use.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Active">The version in use; null for none.</param>
/// <param name="Previous">The one before it; null for none.</param>
/// <param name="Revision">Grows with each choice; 0 before the first.</param>
public sealed record ModelChoice(string Kind, string? Active, string? Previous, long Revision);
