using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Orleans.Customers;
using CustomerSegmentation.Engine.Orleans.Inference;
using CustomerSegmentation.Engine.Orleans.Live;
using CustomerSegmentation.Engine.Orleans.Models;
using CustomerSegmentation.Engine.Orleans.Segmentations;
using CustomerSegmentation.Engine.Orleans.Segmentations.Shares;
using CustomerSegmentation.Engine.Orleans.Segments;
using CustomerSegmentation.Engine.Orleans.Shops;
using CustomerSegmentation.Engine.Orleans.Wire;
using CustomerSegmentation.Engine.Telemetry;
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

    /// <summary>The part of the memory limit down to which customers leave once it is reached.</summary>
    private const double ShedTo = 0.9;

    /// <summary>Customers, segments, the coordinator, and how their messages travel.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="storage">Shared by the cluster's silos; a journal's fence keeps them apart. Stays the caller's: stop the silo first.</param>
    /// <param name="options">Limits and rhythms.</param>
    /// <param name="timeProvider">Clock and timers.</param>
    /// <param name="duties">What this silo does; null for everything but models.</param>
    public static ISiloBuilder AddCustomerSegmentation(
        this ISiloBuilder silo, IStorage storage, EngineOptions options, TimeProvider timeProvider, SiloDuties? duties = null)
    {
        duties ??= new SiloDuties();
        silo.Services.AddSerializer(serializer => serializer.AddSegmentationContracts());
        silo.Services.TryAddSingleton(timeProvider);
        silo.Services.AddSingleton(duties);
        silo.Services.AddSingleton(duties.Texts ?? NoTextEncoder.Instance);
        silo.Services.AddSingleton<SiloRoster>();
        if (duties.Encoder is { } encoder)
        {
            silo.Services.AddSingleton(encoder);
        }
        else
        {
            silo.Services.AddSingleton<RemoteInferenceMetrics>();
            silo.Services.AddSingleton<IEncoder>(services => new RemoteEncoder(
                services.GetRequiredService<SiloRoster>(), services.GetRequiredService<IGrainFactory>(), duties.Calls, timeProvider,
                services.GetRequiredService<RemoteInferenceMetrics>()));
        }
        silo.Services.AddSingleton<SiloInference>();
        silo.Services.AddSingleton<SiloModelKeeper>();
        silo.Services.AddSingleton(services => new SiloCustomers(
            storage, options, timeProvider, services.GetRequiredService<ILoggerFactory>(), services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<AllSilos>(), services.GetRequiredService<IEncoder>(), services.GetRequiredService<ITextEncoder>()));
        silo.Services.AddSingleton(services => services.GetRequiredService<SiloCustomers>().Clock);
        silo.Services.AddSingleton<IEngineCounts>(services => services.GetRequiredService<SiloCustomers>());
        silo.Services.AddSingleton<AllSilos>();
        silo.Services.AddSingleton<ShareSilos>();
        silo.Services.AddSingleton<SiloHealth>();
        // Calls of grains carry the trace that they belong to.
        silo.AddActivityPropagation();
        silo.Services.AddSingleton(services => new ClusterEngine(
            services.GetRequiredService<IGrainFactory>(), () => services.GetRequiredService<SiloHealth>().Now));
        silo.Services.AddSingleton(services => new ClusterModels(services.GetRequiredService<AllSilos>(), services.GetRequiredService<IGrainFactory>()));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloWork>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, LostMembers>();
        silo.AddGrainService<SiloService>();
        silo.AddGrainService<ShareService>();
        silo.Configure<GrainTypeOptions>(o => o.Classes.RemoveWhere(type => !IsOffered(type, duties)));
        silo.Configure<GrainCollectionOptions>(o =>
        {
            // A customer's grain goes when the customer leaves memory; this is for whoever was only asked for and is nobody.
            o.CollectionAge = TimeSpan.FromSeconds(Math.Max(options.IdleSeconds, o.CollectionQuantum.TotalSeconds + 1));
            // The engine's own limits count what is known of customers; this one, all that the process holds.
            o.EnableActivationSheddingOnMemoryPressure = duties.MemoryPercentMax > 0;
            if (duties.MemoryPercentMax > 0)
            {
                (o.MemoryUsageLimitPercentage, o.MemoryUsageTargetPercentage) = (duties.MemoryPercentMax, duties.MemoryPercentMax * ShedTo);
            }
        });
        // A silo that does not answer three probes is declared dead after some six seconds, and its customers go to others.
        silo.Configure<ClusterMembershipOptions>(o => (o.ProbeTimeout, o.NumMissedProbesLimit) = (TimeSpan.FromSeconds(2), 3));
        // Where nobody is left to declare it dead, a member counts as lost when it has not renewed its row three times.
        silo.Configure<ClusterMembershipOptions>(o => (o.IAmAliveTablePublishTimeout, o.NumMissedTableIAmAliveLimit) = (TimeSpan.FromSeconds(5), 3));
        // A lost silo's callers wait this long for an answer that does not come.
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(10));
        return silo;
    }

    /// <summary>Membership and reminders in the schema that holds everything else; the storage's migrations made the tables.</summary>
    public static ISiloBuilder UsePostgresCluster(this ISiloBuilder silo, string connectionString) => silo
        .UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Driver, connectionString))
        .UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Driver, connectionString));

    private static bool IsOffered(Type grain, SiloDuties duties) =>
        grain == typeof(CustomerGrain) || grain == typeof(SegmentGrain) || grain == typeof(LiveGrain) ? duties.Customers
        : grain == typeof(SegmentationCoordinatorGrain) ? duties.Coordinator
        : grain == typeof(InferenceGrain) ? duties.Encoder is not null
        : grain != typeof(ShopGrain) || duties.Shop;
}
