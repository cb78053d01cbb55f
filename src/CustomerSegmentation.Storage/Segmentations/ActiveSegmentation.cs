namespace CustomerSegmentation.Storage.Segmentations;

/// <summary>Which version is active.</summary>
/// <param name="Version">The version.</param>
/// <param name="Activation">Grows with each activation, also with roll-backs.</param>
/// <param name="AtMs">When, milliseconds since 1970-01-01 UTC.</param>
public sealed record ActiveSegmentation(int Version, long Activation, long AtMs);
