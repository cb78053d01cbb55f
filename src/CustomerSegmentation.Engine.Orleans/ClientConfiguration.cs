using CustomerSegmentation.Engine.Orleans.Wire;
using Orleans.Serialization;

namespace CustomerSegmentation.Engine.Orleans;

/// <summary>Makes an Orleans client one of the shop's.</summary>
public static class ClientConfiguration
{
    /// <summary>How messages travel between a client and the silos.</summary>
    public static IClientBuilder AddCustomerSegmentation(this IClientBuilder client)
    {
        client.Services.AddSerializer(serializer => serializer.AddSegmentationContracts());
        return client;
    }
}
