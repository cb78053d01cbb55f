using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Orleans.Segmentations.Shares;
using CustomerSegmentation.Engine.Orleans.Wire;
using CustomerSegmentation.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>Makes a silo one of the shop's.</summary>
public static class SiloConfiguration
{
    /// <summary>ADO.NET's name of the driver.</summary>
    private const string Driver = "Npgsql";

    /// <summary>Customers, segments, the coordinator, and how their messages travel.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="storage">Shared by the cluster's silos; a journal's fence keeps them apart. Stays the caller's: stop the silo first.</param>
    /// <param name="options">Limits and rhythms.</param>
    /// <param name="timeProvider">Clock and timers.</param>
    /// <param name="encoder">Reads customers' events in the background; null for features alone.</param>
    /// <param name="texts">Embeds what customers write as it comes; null for none.</param>
    public static ISiloBuilder AddCustomerSegmentation(
        this ISiloBuilder silo, IStorage storage, EngineOptions options, TimeProvider timeProvider, IEncoder? encoder = null,
        ITextEncoder? texts = null)
    {
        silo.Services.AddSerializer(serializer => serializer.AddSegmentationContracts());
        silo.Services.TryAddSingleton(timeProvider);
        silo.Services.AddSingleton(texts ?? NoTextEncoder.Instance);
        silo.Services.AddSingleton(encoder ?? new NoEncoder("no encoder is configured"));
        silo.Services.AddSingleton(services => new SiloCustomers(
            storage, options, timeProvider, services.GetRequiredService<ILoggerFactory>(), services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<AllSilos>(), services.GetRequiredService<IEncoder>(), services.GetRequiredService<ITextEncoder>()));
        silo.Services.AddSingleton<AllSilos>();
        silo.Services.AddSingleton<ShareSilos>();
        silo.Services.AddSingleton(services => new ClusterEngine(
            services.GetRequiredService<IGrainFactory>(), () => services.GetRequiredService<SiloCustomers>().Health));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloWork>();
        silo.AddGrainService<SiloService>();
        silo.AddGrainService<ShareService>();
        silo.Configure<GrainCollectionOptions>(o => o.CollectionAge = TimeSpan.FromSeconds(Math.Max(options.IdleSeconds, o.CollectionQuantum.TotalSeconds + 1)));
        // A silo that does not answer three probes is declared dead after some six seconds, and its customers go to others.
        silo.Configure<ClusterMembershipOptions>(o => (o.ProbeTimeout, o.NumMissedProbesLimit) = (TimeSpan.FromSeconds(2), 3));
        // A lost silo's callers wait this long for an answer that does not come.
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(10));
        return silo;
    }

    /// <summary>Membership and reminders in the schema that holds everything else; the storage's migrations made the tables.</summary>
    public static ISiloBuilder UsePostgresCluster(this ISiloBuilder silo, string connectionString) => silo
        .UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Driver, connectionString))
        .UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Driver, connectionString));
}
