using System.Net;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Engine.Orleans.Silos;
using CustomerSegmentation.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>A silo in this process with sockets, storage connections and membership of its own.</summary>
internal sealed class TestSilo
{
    private readonly IHost _host;

    private TestSilo(IHost host, HookedStorage storage) => (_host, Storage) = (host, storage);

    public HookedStorage Storage { get; }

    public ISegmentationEngine Engine => _host.Services.GetRequiredService<ClusterEngine>();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public SiloAddress Address => _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    /// <summary>Silos on which grains of a type may be, as this one knows it.</summary>
    public IEnumerable<SiloAddress> FindOffering(string type) => _host.Services.GetRequiredService<IClusterManifestProvider>()
        .Current.Silos.Where(silo => silo.Value.Grains.ContainsKey(GrainType.Create(type))).Select(silo => silo.Key);

    public static async Task<TestSilo> StartAsync(TestCluster cluster, SiloDuties? duties = null)
    {
        var storage = new HookedStorage(await PostgresStorage.OpenAsync(cluster.Storage, TimeProvider.System));
        var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Logging.SetMinimumLevel(LogLevel.Critical);
        host.UseOrleans(silo =>
        {
            silo.AddCustomerSegmentation(storage, cluster.Options, TimeProvider.System, duties);
            silo.UsePostgresCluster(cluster.Storage.ConnectionStringOfSchema());
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.Id, cluster.Id));
            silo.ConfigureEndpoints(IPAddress.Loopback, TestCluster.FreePort(), TestCluster.FreePort(), listenOnAnyHostAddress: false);
            silo.Configure<ClusterMembershipOptions>(o =>
            {
                o.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                o.NumMissedProbesLimit = 2;
                o.NumVotesForDeathDeclaration = 1;
                o.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            });
        });
        var built = host.Build();
        await built.StartAsync();
        return new TestSilo(built, storage);
    }

    /// <summary>Lets the customers go elsewhere, then ends.</summary>
    public async Task StopAsync()
    {
        await _host.StopAsync();
        await Storage.DisposeAsync();
        _host.Dispose();
    }

    /// <summary>Ends in a hurry: customers are not moved, what is in memory need not be written, and no clean stop is marked.</summary>
    public async Task KillAsync()
    {
        await _host.StopAsync(new CancellationToken(canceled: true));
        _host.Dispose();
    }
}
