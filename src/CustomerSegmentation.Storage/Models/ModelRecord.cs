namespace CustomerSegmentation.Storage.Models;

/// <summary>A stored model.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Version">Its name among the models of the kind.</param>
/// <param name="Manifest">JSON text, as it was given.</param>
/// <param name="Checksum">What the giver tells versions apart by, such as a hash of the files.</param>
/// <param name="StoredMs">When it was stored, milliseconds since 1970-01-01 UTC.</param>
/// <param name="Files">Its files in the order in which they were given.</param>
public sealed record ModelRecord(string Kind, string Version, string Manifest, string Checksum, long StoredMs, IReadOnlyList<ModelFile> Files);
