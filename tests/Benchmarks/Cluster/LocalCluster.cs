using System.Net;
using System.Net.Sockets;
using CustomerSegmentation.Client;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Orleans;
using CustomerSegmentation.Engine.Orleans.Customers;
using CustomerSegmentation.Engine.Orleans.Silos;
using CustomerSegmentation.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace CustomerSegmentation.Benchmarks.Cluster;

/// <summary>Silos in this process, each with sockets and storage connections of its own.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly List<(IHost Host, PostgresStorage Storage)> _silos = [];
    private readonly List<IHost> _clients = [];
    private readonly PostgresStorageOptions _options;

    private LocalCluster(PostgresStorageOptions options) => _options = options;

    /// <summary>The front door on each silo.</summary>
    public IReadOnlyList<ISegmentationEngine> Engines => [.. _silos.Select(s => s.Host.Services.GetRequiredService<ClusterEngine>())];

    /// <summary>What is on each silo, in the same order.</summary>
    public IReadOnlyList<IServiceProvider> Services => [.. _silos.Select(s => s.Host.Services)];

    public static async Task<LocalCluster> StartAsync(PostgresStorageOptions options, EngineOptions engine, int silos = 2, SiloDuties? duties = null)
    {
        var cluster = new LocalCluster(options);
        for (var i = 0; i < silos; i++)
        {
            await cluster.AddAsync(engine, duties);
        }

        return cluster;
    }

    /// <summary>A process of the shop's own, as far as the silos know.</summary>
    public async Task<(ISegmentationEngine Engine, IGrainFactory Grains)> ConnectAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddCustomerSegmentationClient(o => (o.ConnectionString, o.Schema, o.Cluster) = (_options.ConnectionString, _options.Schema, _options.Schema));
        var host = builder.Build();
        await host.StartAsync();
        _clients.Add(host);
        return (host.Services.GetRequiredService<ISegmentationEngine>(), host.Services.GetRequiredService<IClusterClient>());
    }

    /// <summary>Who is on which silo, in the order of <see cref="Engines"/>.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> FindAsync(IReadOnlyList<string> customers)
    {
        var silos = _silos.ConvertAll(s => s.Host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress);
        var grains = _silos[0].Host.Services.GetRequiredService<IGrainFactory>();
        var management = grains.GetGrain<IManagementGrain>(0);
        var found = silos.ConvertAll(_ => new List<string>());
        foreach (var customer in customers)
        {
            var grain = grains.GetGrain<ICustomerGrain>($"customer/{customer}");
            if (await management.GetActivationAddress(grain) is { } address)
            {
                found[silos.IndexOf(address)].Add(customer);
            }
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.StopAsync();
            client.Dispose();
        }

        foreach (var (host, storage) in _silos)
        {
            await host.StopAsync();
            await storage.DisposeAsync();
            host.Dispose();
        }
    }

    private async Task AddAsync(EngineOptions engine, SiloDuties? duties)
    {
        var storage = await PostgresStorage.OpenAsync(_options, TimeProvider.System);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo =>
        {
            silo.AddCustomerSegmentation(storage, engine, TimeProvider.System, duties);
            silo.UsePostgresCluster(_options.ConnectionStringOfSchema());
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (_options.Schema, _options.Schema));
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort(), listenOnAnyHostAddress: false);
        });
        var host = builder.Build();
        await host.StartAsync();
        _silos.Add((host, storage));
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
