namespace CustomerSegmentation.Storage.Audiences;

/// <summary>An audience as stored.</summary>
/// <param name="Key">The audience's key.</param>
/// <param name="Name">For people.</param>
/// <param name="Rule">The rule's JSON text.</param>
/// <param name="Revision">Grows with each change of the rule.</param>
/// <param name="ChangedMs">Milliseconds since 1970-01-01 UTC.</param>
public sealed record AudienceRecord(string Key, string Name, string Rule, int Revision, long ChangedMs);
