using CustomerSegmentation.Contracts;

namespace CustomerSegmentation.Engine;

/// <summary>A customer can't be read now: memory is full, or its journal does not commit. Trying again later may succeed.</summary>
public sealed class EngineBusyException(string customerId) : EngineUnavailableException($"Customer {customerId} can't be read now; try again.")
{
    public string CustomerId { get; } = customerId;
}
