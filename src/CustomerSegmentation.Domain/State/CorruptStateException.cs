namespace CustomerSegmentation.Domain.State;

/// <summary>Stored bytes are not a customer's state.</summary>
public sealed class CorruptStateException : Exception
{
    public CorruptStateException(string? customerId, string reason, Exception? inner = null)
        : base($"The stored state of customer {customerId ?? "(unknown)"} cannot be read: {reason}", inner)
    {
        CustomerId = customerId;
        Reason = reason;
    }

    /// <summary>The customer, as far as it could be read.</summary>
    public string? CustomerId { get; }

    public string Reason { get; }
}
