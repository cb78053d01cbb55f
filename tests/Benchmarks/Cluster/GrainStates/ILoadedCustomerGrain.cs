namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <summary>A customer who is loaded from the project's own storage when the grain is activated. Its key is <c>customer/</c> and the id.</summary>
public interface ILoadedCustomerGrain : IGrainWithStringKey
{
    /// <returns>The sequence number of the state with which the grain was activated; 0 without one.</returns>
    Task<long> GetSequenceAsync();
}
