using CustomerSegmentation.Domain.State;
using Orleans.Storage;

namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <summary>Grain storage in the project's own format of a customer's state.</summary>
internal sealed class HeldStateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(((HeldState)(object)input!).Customer!.ToBytes());

    public T Deserialize<T>(BinaryData input) => (T)(object)new HeldState { Customer = CustomerState.Read(input.ToMemory().Span) };
}
