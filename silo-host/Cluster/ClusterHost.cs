using System.Net;
using System.Net.Sockets;
using CustomerSegmentation.Actors.Clock;
using CustomerSegmentation.Api;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Dashboard;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Orleans;
using CustomerSegmentation.Engine.Orleans.Models;
using CustomerSegmentation.Engine.Orleans.Silos;
using CustomerSegmentation.Inference;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Hosting;
using CustomerSegmentation.Storage.Postgres;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace CustomerSegmentation.SiloHost.Cluster;

/// <summary>One silo of a cluster: by its roles grains, models, API and page in one process; data and membership in PostgreSQL.</summary>
internal sealed class ClusterHost(ServiceSettings settings, TextWriter output, TimeProvider time)
{
    /// <summary>Serves until the token is cancelled; then refuses new work, lets the customers go to other silos, and writes everything.</summary>
    /// <exception cref="CommandFailure">The silo cannot start.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var front = new WebFront(settings, output, time);
        var builder = front.CreateBuilder();
        var service = HostConfiguration.Fill(builder.Configuration, new ServiceOptions());
        var engine = HostConfiguration.Fill(builder.Configuration, new EngineOptions());
        var inference = HostConfiguration.Fill(builder.Configuration, new InferenceOptions(), OptionCatalogue.InferencePart);
        var cluster = HostConfiguration.Fill(builder.Configuration, new ClusterSettings(), OptionCatalogue.ClusterPart);
        var roles = RoleList.Parse(cluster.Roles);
        using var loggers = LoggerFactory.Create(logging => front.ConfigureLogging(logging));
        var (options, storage) = await new ShopStorage(builder.Configuration).OpenSharedAsync(time, loggers, cancellationToken);
        try
        {
            await using var parts = await SiloParts.OpenAsync(roles, cluster, service, inference, storage.Models, time, loggers, cancellationToken);
            builder.UseOrleans(silo => Join(silo, cluster, options, storage, engine, parts.Duties));
            builder.Services.AddSingleton<ISegmentationEngine>(services => services.GetRequiredService<ClusterEngine>());
            var retention = roles.HasFlag(SiloRoles.Coordinator) && service.JournalRetentionDays > 0
                ? new JournalRetention(storage.Journal, service.JournalRetentionDays, time, loggers.CreateLogger<JournalRetention>())
                : null;
            await (roles.HasFlag(SiloRoles.Api)
                ? ServeAsync(front, builder, service, cluster, options, storage, parts, retention, cancellationToken)
                : ServeHealthAsync(front, builder, service, cluster, roles, options, retention, cancellationToken));
        }
        finally
        {
            await storage.DisposeAsync();
        }
    }

    private async Task ServeAsync(
        WebFront front, WebApplicationBuilder builder, ServiceOptions service, ClusterSettings cluster, PostgresStorageOptions options, PostgresStorage storage,
        SiloParts parts, JournalRetention? retention, CancellationToken cancellationToken)
    {
        using var folder = await SiloFolder.TakeAsync(settings.Location.DataFolder, options.Describe(), time, cancellationToken);
        if (folder is null && settings.RequireKeys)
        {
            await SiloFolder.AwaitKeysAsync(settings.Location.DataFolder, builder.Configuration, time, cancellationToken);
        }

        front.ConfigureServices(builder, service, mayMakeKeys: IPAddress.IsLoopback(ReadAddress(cluster)));
        builder.Services.AddSingleton<IModelCatalogue>(services => parts.Catalogue(new ClusterRunners(services.GetRequiredService<ClusterModels>())));
        await using var app = Build(builder, cluster, out var drain);
        app.MapSegmentationApi();
        front.MapMetrics(app);
        AdminEndpoints.Map(
            app, app.Services.GetRequiredService<ISegmentationEngine>(), storage.Journal, () => app.Services.GetRequiredService<ShopClock>().ReferenceMs,
            app.Services.GetRequiredService<IEncoder>(), app.Services.GetRequiredService<ITextEncoder>(), time).RequireAdminKey();
        app.MapDashboard();
        await WebFront.StartAsync(app, cancellationToken);
        var url = WebFront.Address(app);
        folder?.SetUrl(url);
        HostLog.Serving(app.Logger, url, options.Describe());
        front.Welcome(url);
        await RunUntilStoppedAsync(app, drain, cluster, retention, cancellationToken);
    }

    private async Task ServeHealthAsync(
        WebFront front, WebApplicationBuilder builder, ServiceOptions service, ClusterSettings cluster, SiloRoles roles, PostgresStorageOptions options,
        JournalRetention? retention, CancellationToken cancellationToken)
    {
        front.ConfigureServer(builder, service);
        await using var app = Build(builder, cluster, out var drain);
        app.MapSegmentationHealth();
        await WebFront.StartAsync(app, cancellationToken);
        HostLog.ServingHealth(app.Logger, RoleList.Describe(roles), WebFront.Address(app), options.Describe());
        await RunUntilStoppedAsync(app, drain, cluster, retention, cancellationToken);
    }

    private static WebApplication Build(WebApplicationBuilder builder, ClusterSettings cluster, out Drain drain)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(cluster.StopSeconds));
        var app = builder.Build();
        drain = new Drain();
        app.Use(drain.InvokeAsync);
        return app;
    }

    private async Task RunUntilStoppedAsync(
        WebApplication app, Drain drain, ClusterSettings cluster, JournalRetention? retention, CancellationToken cancellationToken)
    {
        HostLog.Joined(
            app.Logger, app.Services.GetRequiredService<ILocalSiloDetails>().Name, cluster.Name,
            app.Services.GetRequiredService<ISiloStatusOracle>().GetApproximateSiloStatuses(onlyActive: true).Count);

        // Beside the others: a step that waits for the database must not hold up the announcement.
        var removal = retention?.RunAsync(cancellationToken) ?? Task.CompletedTask;
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
        var begun = time.GetTimestamp();
        drain.Announce();
        if (cluster.DrainSeconds > 0)
        {
            HostLog.Leaving(app.Logger, cluster.DrainSeconds);
            await Task.Delay(TimeSpan.FromSeconds(cluster.DrainSeconds), time, CancellationToken.None);
        }

        HostLog.Stopping(app.Logger);
        drain.Begin();
        await app.StopAsync(CancellationToken.None);
        await removal;
        HostLog.Stopped(app.Logger, (long)time.GetElapsedTime(begun).TotalMilliseconds);
    }

    private void Join(ISiloBuilder silo, ClusterSettings cluster, PostgresStorageOptions options, PostgresStorage storage, EngineOptions engine, SiloDuties duties)
    {
        var name = Given(cluster.Silo, "POD_NAME") ?? $"{Environment.MachineName}-{Environment.ProcessId}";
        silo.AddCustomerSegmentation(storage, engine, time, duties);
        silo.UsePostgresCluster(options.ConnectionStringOfSchema());
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.Name, cluster.Name));
        silo.Configure<SiloOptions>(o => o.SiloName = name);
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(cluster.ResponseSeconds));
        silo.ConfigureEndpoints(
            ReadAddress(cluster), cluster.SiloPort == 0 ? FreePort() : cluster.SiloPort, cluster.GatewayPort == 0 ? FreePort() : cluster.GatewayPort,
            listenOnAnyHostAddress: false);
    }

    private static IPAddress ReadAddress(ClusterSettings cluster) => Given(cluster.Address, "POD_IP") is not { } text ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new CommandFailure($"'{text}' is no address such as 10.1.2.3 (option Cluster:Address, or POD_IP)");

    private static string? Given(string option, string variable) =>
        option.Length > 0 ? option : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } found ? found : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
