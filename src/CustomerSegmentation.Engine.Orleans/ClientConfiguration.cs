using CustomerSegmentation.Engine.Orleans.Wire;
using Orleans.Configuration;
using Orleans.Serialization;

namespace CustomerSegmentation.Engine.Orleans;

/// <summary>Makes an Orleans client one of the shop's.</summary>
public static class ClientConfiguration
{
    /// <summary>How messages travel between a client and the silos.</summary>
    public static IClientBuilder AddCustomerSegmentation(this IClientBuilder client)
    {
        client.Services.AddSerializer(serializer => serializer.AddSegmentationContracts());
        // Calls carry the trace that they belong to.
        client.AddActivityPropagation();
        // A silo that is lost leaves calls unanswered for this long; then they are made again.
        client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(10));
        return client;
    }

    /// <summary>Finds the silos in the schema that holds everything else.</summary>
    /// <param name="client">The client.</param>
    /// <param name="connectionString">Npgsql's connection string.</param>
    /// <param name="schema">Lower-case letters, digits and underscores.</param>
    public static IClientBuilder UsePostgresCluster(this IClientBuilder client, string connectionString, string schema) => client.UseAdoNetClustering(
        o => (o.Invariant, o.ConnectionString) = ("Npgsql", $"{connectionString.TrimEnd(';')};Search Path={schema};Maximum Pool Size=4"));
}
