namespace CustomerSegmentation.Storage.Writing;

/// <summary>What may wait for a writer.</summary>
/// <param name="AppendsMax">Appends, in all groups.</param>
/// <param name="BytesMax">Payload bytes of appends, in all groups.</param>
/// <param name="GroupAppendsMax">Appends in one group.</param>
/// <param name="RequestsMax">Other writes.</param>
internal sealed record WriteQueueLimits(int AppendsMax, long BytesMax, int GroupAppendsMax, int RequestsMax);
