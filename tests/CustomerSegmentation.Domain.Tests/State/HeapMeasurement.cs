namespace CustomerSegmentation.Domain.Tests.State;

/// <summary>Tests that weigh the heap run while no other test allocates.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HeapMeasurement
{
    public const string Name = "Heap measurement";
}
