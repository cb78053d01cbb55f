using System.Net;
using System.Net.Sockets;
using CustomerSegmentation.Client;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Engine.Orleans.Silos;
using CustomerSegmentation.Storage.Postgres;
using CustomerSegmentation.Storage.TestKit.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>Silos in this process, which find each other by PostgreSQL and speak over sockets, and a client outside of them.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<TestSilo> _silos = [];
    private IHost? _client;

    private TestCluster(string id, PostgresStorageOptions storage, EngineOptions options) => (Id, Storage, Options) = (id, storage, options);

    public string Id { get; }

    public PostgresStorageOptions Storage { get; }

    public EngineOptions Options { get; }

    public IReadOnlyList<TestSilo> Silos => _silos;

    /// <summary>The front door on the first silo.</summary>
    public ISegmentationEngine Engine => _silos[0].Engine;

    /// <param name="name">Begins the schema's name.</param>
    /// <param name="silos">How many.</param>
    /// <param name="options">Limits and rhythms; null for the defaults without a schedule.</param>
    /// <param name="beside">Another cluster, whose data this one has too but whose members it does not know.</param>
    public static async Task<TestCluster> StartAsync(string name, int silos = 2, EngineOptions? options = null, TestCluster? beside = null)
    {
        var id = $"{name}_{Guid.NewGuid():n}";
        var storage = beside?.Storage ?? new PostgresStorageOptions { ConnectionString = await TestServer.ConnectionStringAsync(), Schema = id };
        var cluster = new TestCluster(id, storage, options ?? new EngineOptions { ScheduleSegmentations = false });
        for (var i = 0; i < silos; i++)
        {
            await cluster.AddSiloAsync();
        }
        return cluster;
    }

    public async Task<TestSilo> AddSiloAsync(SiloDuties? duties = null)
    {
        var silo = await TestSilo.StartAsync(this, duties);
        _silos.Add(silo);
        return silo;
    }

    public async Task KillAsync(TestSilo silo)
    {
        _silos.Remove(silo);
        await silo.KillAsync();
    }

    public async Task StopAsync(TestSilo silo)
    {
        _silos.Remove(silo);
        await silo.StopAsync();
    }

    /// <summary>A shop's own process: it knows the database of the members and nothing else.</summary>
    public async Task<ISegmentationEngine> ConnectAsync()
    {
        var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Logging.SetMinimumLevel(LogLevel.Warning);
        host.AddCustomerSegmentationClient(o => (o.ConnectionString, o.Schema, o.Cluster) = (Storage.ConnectionString, Storage.Schema, Id));
        _client = host.Build();
        await _client.StartAsync();
        return _client.Services.GetRequiredService<ISegmentationEngine>();
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
        }
        foreach (var silo in _silos)
        {
            await silo.StopAsync();
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
