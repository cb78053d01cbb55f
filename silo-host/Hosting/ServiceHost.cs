using CustomerSegmentation.Engine;
using System.Globalization;
using CustomerSegmentation.Api;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Dashboard;
using CustomerSegmentation.Inference;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.Storage.Sqlite;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>The service: engine, API and page in one process on one data folder.</summary>
internal sealed class ServiceHost(ServiceSettings settings, TextWriter output, TimeProvider time)
{
    /// <summary>Serves until the token is cancelled; then refuses new work, finishes what is under way, and writes everything.</summary>
    /// <exception cref="CommandFailure">The service cannot start.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var builder = CreateBuilder();
        var service = HostConfiguration.Fill(builder.Configuration, new ServiceOptions());
        var engine = HostConfiguration.Fill(builder.Configuration, new EngineOptions());
        var storage = new ShopStorage(builder.Configuration);
        using var startLoggers = LoggerFactory.Create(logging => ConfigureLogging(logging));
        var inference = HostConfiguration.Fill(builder.Configuration, new InferenceOptions(), OptionCatalogue.InferencePart);
        await using var model = await SequenceModel.OpenAsync(service.SequenceModel, inference, time, startLoggers, cancellationToken);
        await using var texts = await TextModel.OpenAsync(service.TextModel, inference, time, startLoggers, cancellationToken);
        OpenShop shop;
        try
        {
            shop = await OpenShop.OpenAsync(settings.Location.DataFolder, storage, engine, model.Encoder, texts.Encoder, time, startLoggers, cancellationToken);
        }
        catch (DataFolderHeldException e)
        {
            throw new CommandFailure($"{e.Message} Use that one, or another folder with --data.", e);
        }

        if (model.Lacking is { } reason)
        {
            HostLog.NoSequenceModel(startLoggers.CreateLogger<ServiceHost>(), reason);
        }

        if (texts.Lacking is { } lacking)
        {
            HostLog.NoTextModel(startLoggers.CreateLogger<ServiceHost>(), lacking);
        }

        var stopStarted = time.GetTimestamp();
        try
        {
            var keyFile = new KeyFile(shop.Folder.Path);
            var keys = keyFile.ReadOrCreate(out var areNew);
            ConfigureServices(builder, service, shop, keys);
            builder.Services.AddSingleton<IModelCatalogue>(new ModelCatalogue(model, shop.Engine));
            await using var app = builder.Build();
            var drain = new Drain();
            app.Use(drain.InvokeAsync);
            app.MapSegmentationApi();
            AdminEndpoints.Map(app, shop, time).RequireAdminKey();
            app.MapDashboard();
            await StartAsync(app, cancellationToken);
            var url = Address(app);
            shop.Folder.SetUrl(url);
            HostLog.Serving(app.Logger, url, shop.Description);
            Welcome(url, keyFile, keys, areNew);
            await (service.JournalRetentionDays > 0
                ? new JournalRetention(shop.Storage.Journal, service.JournalRetentionDays, time, app.Logger).RunAsync(cancellationToken)
                : Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default));
            stopStarted = time.GetTimestamp();
            HostLog.Stopping(app.Logger);
            drain.Begin();
            await app.StopAsync(CancellationToken.None);
        }
        finally
        {
            await shop.DisposeAsync();
            HostLog.Stopped(startLoggers.CreateLogger<ServiceHost>(), (long)time.GetElapsedTime(stopStarted).TotalMilliseconds);
        }
    }

    private WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings.Location.Overrides);
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        builder.Logging.ClearProviders();
        ConfigureLogging(builder.Logging);
        return builder;
    }

    private void ConfigureLogging(ILoggingBuilder logging) => logging
        .SetMinimumLevel(settings.Verbose ? LogLevel.Debug : LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        })
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    private void ConfigureServices(WebApplicationBuilder builder, ServiceOptions options, OpenShop shop, ServiceKeys keys)
    {
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<ISegmentationEngine>(shop.Engine);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(options.DrainTimeoutMs));
        builder.Services.AddSegmentationApi(api =>
        {
            // Histories are imported through the service as well as without it: both take the same times.
            api.EarliestTimestamp = Import.Importer.EarliestTime;
            builder.Configuration.GetSection(OptionCatalogue.Section).Bind(api);
            api.OldestMs = (long)TimeSpan.FromDays(options.JournalRetentionDays).TotalMilliseconds;
            api.RequireKeys = settings.RequireKeys;
            api.WriteKeys.Add(keys.WriteKey);
            api.AdminKeys.Add(keys.AdminKey);
        });
        builder.WebHost.UseKestrelCore().UseUrls([.. settings.Urls]).ConfigureKestrel(kestrel => Limit(kestrel, options));
    }

    private static void Limit(KestrelServerOptions kestrel, ServiceOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.RequestHeadersTimeoutSeconds);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(options.KeepAliveTimeoutSeconds);
        kestrel.Limits.MinRequestBodyDataRate =
            options.BodyBytesPerSecondMin == 0 ? null : new MinDataRate(options.BodyBytesPerSecondMin, TimeSpan.FromSeconds(5));
    }

    private static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new CommandFailure($"cannot listen: {e.Message} (--urls names another address)", e);
        }
    }

    /// <summary>Where the service answers, as others on this machine reach it.</summary>
    private static string Address(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var address = addresses.OrderBy(url => url.StartsWith("https", StringComparison.Ordinal)).First();
        return address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
    }

    private void Welcome(string url, KeyFile file, ServiceKeys keys, bool areNew)
    {
        if (!settings.RequireKeys)
        {
            output.WriteLine($"page  {url}/");
            return;
        }

        if (!areNew)
        {
            output.WriteLine($"page  {url}/   (the keys are in {file.Location}; the keys command shows them)");
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $$$"""

            page       {{{url}}}/#key={{{keys.AdminKey}}}
            write key  {{{keys.WriteKey}}}   (for senders of events)
            admin key  {{{keys.AdminKey}}}   (reads and steers)
            Both are shown this once and kept in {{{file.Location}}}

            Send a first event:
              curl {{{url}}}/v1/track -u {{{keys.WriteKey}}}: -d '{"userId":"ada","event":"Order Completed","properties":{"order_id":"1","total":42}}'
            and read the customer:
              curl {{{url}}}/api/customers/ada -H 'X-Admin-Key: {{{keys.AdminKey}}}'

            """));
    }
}
