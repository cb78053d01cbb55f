using System.Globalization;
using CustomerSegmentation.Api;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Telemetry;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>The web server and the API on it, whichever engine answers.</summary>
internal sealed class WebFront(ServiceSettings settings, TextWriter output, TimeProvider time)
{
    private TelemetryOptions _telemetry = new();
    private ShopKeys? _keys;

    public WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings.Location.Overrides);
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        _telemetry = HostConfiguration.Fill(builder.Configuration, new TelemetryOptions(), OptionCatalogue.TelemetryPart);
        builder.Logging.ClearProviders();
        ConfigureLogging(builder.Logging);
        TelemetrySetup.Add(builder.Services, builder.Configuration, _telemetry);
        return builder;
    }

    public void ConfigureLogging(ILoggingBuilder logging)
    {
        logging
            .SetMinimumLevel(settings.Verbose ? LogLevel.Debug : LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Orleans", settings.Verbose ? LogLevel.Information : LogLevel.Warning)

            // Orleans logs under these names what it does with services of grains.
            .AddFilter("CustomerSegmentation.Engine.Orleans.Silos.SiloService", settings.Verbose ? LogLevel.Information : LogLevel.Warning)
            .AddFilter("CustomerSegmentation.Engine.Orleans.Segmentations.Shares.ShareService", settings.Verbose ? LogLevel.Information : LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (_telemetry.LogFormat == LogFormat.Json)
        {
            logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
            logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                console.UseUtcTimestamp = true;
            });
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
                console.UseUtcTimestamp = true;
            });
        }
    }

    /// <summary>The metrics beside the API, with the admin key.</summary>
    public void MapMetrics(WebApplication app) => TelemetrySetup.Map(app, _telemetry);

    /// <summary>The API and the server under it; the engine is the caller's to add.</summary>
    /// <param name="builder">Where to add them.</param>
    /// <param name="options">The server's limits.</param>
    /// <param name="mayMakeKeys">Whether keys are made when there are none.</param>
    /// <exception cref="CommandFailure">The keys cannot be read, or there are none.</exception>
    public void ConfigureServices(WebApplicationBuilder builder, ServiceOptions options, bool mayMakeKeys = true)
    {
        _keys = settings.RequireKeys ? ShopKeys.Read(builder.Configuration, settings.Location.DataFolder, mayMakeKeys) : null;
        ConfigureServer(builder, options);
        builder.Services.AddSegmentationApi(api =>
        {
            // Histories are imported through the service as well as without it: both take the same times.
            api.EarliestTimestamp = Import.Importer.EarliestTime;
            builder.Configuration.GetSection(OptionCatalogue.Section).Bind(api);
            api.OldestMs = (long)TimeSpan.FromDays(options.JournalRetentionDays).TotalMilliseconds;
            api.RequireKeys = settings.RequireKeys;
            if (_keys?.File is not null)
            {
                api.WriteKeys.Add(_keys.First.WriteKey);
                api.AdminKeys.Add(_keys.First.AdminKey);
            }
        });
    }

    /// <summary>The server alone.</summary>
    public void ConfigureServer(WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.Services.AddSingleton(time);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(options.DrainTimeoutMs));
        builder.WebHost.UseKestrelCore().UseUrls([.. settings.Urls, .. MetricsUrl()]).ConfigureKestrel(kestrel => Limit(kestrel, options));
    }

    private IEnumerable<string> MetricsUrl() => _telemetry is { Metrics: true, MetricsPort: > 0 }
        ? [$"http://{BindingAddress.Parse(settings.Urls[0]).Host}:{_telemetry.MetricsPort}"]
        : [];

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

    /// <exception cref="CommandFailure">It cannot listen.</exception>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
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
    public static string Address(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var address = addresses.OrderBy(url => url.StartsWith("https", StringComparison.Ordinal)).First();
        return address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
    }

    /// <summary>Tells who started the service where it is, and shows new keys once.</summary>
    public void Welcome(string url)
    {
        if (_keys is not { } keys)
        {
            output.WriteLine($"page  {url}/");
            return;
        }

        if (!keys.AreNew)
        {
            output.WriteLine($"page  {url}/   ({(keys.File is { } known ? $"the keys are in {known}; the keys command shows them" : "the keys are those of the configuration")})");
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $$$"""

            page       {{{url}}}/#key={{{keys.First.AdminKey}}}
            write key  {{{keys.First.WriteKey}}}   (for senders of events)
            admin key  {{{keys.First.AdminKey}}}   (reads and steers)
            Both are shown this once and kept in {{{keys.File}}}{{{(settings.Cluster ? "; silos with the same --data share them" : "")}}}

            Send a first event:
              curl {{{url}}}/v1/track -u {{{keys.First.WriteKey}}}: -d '{"userId":"ada","event":"Order Completed","properties":{"order_id":"1","total":42}}'
            and read the customer:
              curl {{{url}}}/api/customers/ada -H 'X-Admin-Key: {{{keys.First.AdminKey}}}'

            """));
    }
}
