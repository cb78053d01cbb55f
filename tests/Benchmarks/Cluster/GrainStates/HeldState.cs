using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <summary>What a grain keeps: nothing yet, or a customer.</summary>
internal sealed class HeldState
{
    public CustomerState? Customer { get; set; }
}
