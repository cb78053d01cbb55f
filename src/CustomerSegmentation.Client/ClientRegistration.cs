using CustomerSegmentation.Contracts;
using CustomerSegmentation.Engine.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace CustomerSegmentation.Client;

/// <summary>Gives a shop's own service the segmentation of a cluster.</summary>
public static class ClientRegistration
{
    /// <summary>
    /// Connects when the host starts, and registers <see cref="ISegmentationEngine"/>.
    /// </summary>
    /// <exception cref="OptionsValidationException">When the host starts: an option is missing or out of range.</exception>
    public static IHostApplicationBuilder AddCustomerSegmentationClient(this IHostApplicationBuilder builder, Action<ClientOptions> configure)
    {
        var options = new ClientOptions();
        configure(options);
        builder.Services.AddOptions<ClientOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        builder.UseOrleansClient(client => client
            .AddCustomerSegmentation()
            .UsePostgresCluster(options.ConnectionString, options.Schema)
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.Cluster, options.Cluster)));
        builder.Services.AddSingleton<ISegmentationEngine>(services =>
        {
            var connection = services.GetRequiredService<IClusterClient>();
            var options = services.GetRequiredService<IOptions<ClientOptions>>().Value;
            var patient = new PatientEngine(
                new ClusterEngine(connection, static () => new EngineHealth { Ready = true }), options, services.GetService<TimeProvider>() ?? TimeProvider.System);
            return new GatheringEngine(patient, options);
        });
        return builder;
    }
}
