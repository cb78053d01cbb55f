namespace CustomerSegmentation.Engine.Encoders;

/// <summary>How the reading of customers goes.</summary>
/// <param name="Waiting">Customers that wait in memory for the encoder.</param>
/// <param name="Paused">Why the encoder is not asked at the moment; null while it is.</param>
/// <param name="Readings">Readings that were kept since the start.</param>
/// <param name="ReadingsPerSecond">The same a second, over the latest seconds.</param>
/// <param name="Refused">Readings that the model refused since the start.</param>
internal sealed record ReadingStatus(int Waiting, string? Paused, long Readings, double ReadingsPerSecond, long Refused);
