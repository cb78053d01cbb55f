namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <summary>A customer whose state is the grain's, by Orleans' grain storage. Its key is <c>customer/</c> and the id.</summary>
public interface IKeptCustomerGrain : IGrainWithStringKey
{
    /// <summary>Writes the state that the benchmark has for this customer.</summary>
    Task WriteAsync();

    /// <returns>The sequence number of the state with which the grain was activated; 0 without one.</returns>
    Task<long> GetSequenceAsync();
}
