namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>How far a command is.</summary>
/// <param name="Fraction">0 to 1; null when the end is not known.</param>
/// <param name="Count">What has been done, in <paramref name="Unit"/>.</param>
/// <param name="Unit">What is counted: rows, events.</param>
/// <param name="Detail">Anything more; empty for nothing.</param>
internal readonly record struct ProgressSnapshot(double? Fraction, long Count, string Unit, string Detail = "");
