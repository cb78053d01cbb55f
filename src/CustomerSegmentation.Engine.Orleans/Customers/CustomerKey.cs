namespace CustomerSegmentation.Engine.Orleans.Customers;

/// <summary>Keys of customers' grains. The prefix keeps ids that look like numbers from being taken for numbers anywhere.</summary>
internal static class CustomerKey
{
    private const string Prefix = "customer/";

    public static string Of(string customerId) => Prefix + customerId;

    public static string Read(string key) => key.StartsWith(Prefix, StringComparison.Ordinal)
        ? key[Prefix.Length..]
        : throw new ArgumentException($"'{key}' is no key of a customer: it begins with {Prefix}.", nameof(key));
}
