namespace CustomerSegmentation.Storage.TestKit;

/// <summary>One operation of a random sequence; <see cref="StorageModel"/> gives the numbers their meaning.</summary>
public sealed record StorageOperation(int Kind, int Customer, int Segment, int Number);
