using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Customers;

/// <summary>What an erasure removed, of all its ids together.</summary>
public sealed class ErasedCustomer
{
    public long Events { get; init; }
    public int States { get; init; }
    public int Profiles { get; init; }
    public int Rejections { get; init; }
    public required ProfileChanges Changes { get; init; }
}
