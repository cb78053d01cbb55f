using CustomerSegmentation.Api;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Dashboard;
using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Telemetry;
using CustomerSegmentation.Inference;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Models;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>The service: engine, API and page in one process on one data folder.</summary>
internal sealed class ServiceHost(ServiceSettings settings, TextWriter output, TimeProvider time)
{
    /// <summary>Serves until the token is cancelled; then refuses new work, finishes what is under way, and writes everything.</summary>
    /// <exception cref="CommandFailure">The service cannot start.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var front = new WebFront(settings, output, time);
        var builder = front.CreateBuilder();
        var service = HostConfiguration.Fill(builder.Configuration, new ServiceOptions());
        var engine = HostConfiguration.Fill(builder.Configuration, new EngineOptions());
        var storage = new ShopStorage(builder.Configuration);
        using var startLoggers = LoggerFactory.Create(logging => front.ConfigureLogging(logging));
        var inference = HostConfiguration.Fill(builder.Configuration, new InferenceOptions(), OptionCatalogue.InferencePart);
        await using var runtime = new EncoderRuntime(inference, time, startLoggers);
        await using var texts = await TextModel.OpenAsync(service.TextModel, inference, time, startLoggers, cancellationToken);
        ChosenModel? chosen = null;
        OpenShop shop;
        try
        {
            shop = await OpenShop.OpenAsync(
                settings.Location.DataFolder, storage, engine,
                async store =>
                {
                    chosen = new ChosenModel(new ModelShelf(store, service.SequenceModel), runtime);
                    await chosen.RenewAsync(cancellationToken);
                    return runtime.Encoder;
                },
                texts.Encoder, time, startLoggers, cancellationToken);
        }
        catch (DataFolderHeldException e)
        {
            throw new CommandFailure($"{e.Message} Use that one, or another folder with --data.", e);
        }

        var runners = new LocalRunners(runtime, chosen!) { Progress = () => shop.Engine.Encoding, Texts = texts.View };
        var models = new ModelCatalogue(new ModelShelf(shop.Storage.Models, service.SequenceModel), runtime, runners);
        if (chosen!.Lacking is { } reason)
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
            front.ConfigureServices(builder, service);
            builder.Services.AddSingleton<ISegmentationEngine>(shop.Engine);
            builder.Services.AddSingleton<IEngineCounts>(shop.Engine);
            builder.Services.AddSingleton<IModelCatalogue>(models);
            await using var app = builder.Build();
            var drain = new Drain();
            app.Use(drain.InvokeAsync);
            app.MapSegmentationApi();
            front.MapMetrics(app);
            AdminEndpoints.Map(app, shop.Engine, shop.Storage.Journal, () => shop.Engine.ReferenceMs, runtime.Encoder, texts.Encoder, time).RequireAdminKey();
            app.MapDashboard();
            await WebFront.StartAsync(app, cancellationToken);
            var url = WebFront.Address(app);
            shop.Folder.SetUrl(url);
            HostLog.Serving(app.Logger, url, shop.Description);
            front.Welcome(url);
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
}
