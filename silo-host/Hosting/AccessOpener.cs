using CustomerSegmentation.Engine;
using CustomerSegmentation.Inference;
using CustomerSegmentation.SiloHost.Access;
using CustomerSegmentation.SiloHost.Client;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Import;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Opens the shop in this process when nobody holds its data folder, else speaks to the service that does.</summary>
internal sealed class AccessOpener(TimeProvider time, ILoggerFactory loggers) : IAccessOpener
{
    public async Task<ISegmentationAccess> OpenAsync(ShopLocation location, CancellationToken cancellationToken)
    {
        var configuration = HostConfiguration.Read(location.Overrides);
        if (location.Url is { } url)
        {
            return new RemoteAccess(new ServiceClient(url, location.Key ?? ShopKeys.TryRead(configuration, location.DataFolder)?.AdminKey, time));
        }

        var storage = new ShopStorage(configuration);
        try
        {
            // Commands do one thing: nothing is re-clustered or encoded behind their back. The next service reads what they brought.
            var options = HostConfiguration.Fill(configuration, new EngineOptions());
            options.ScheduleSegmentations = false;
            var service = HostConfiguration.Fill(configuration, new ServiceOptions());
            var inference = HostConfiguration.Fill(configuration, new InferenceOptions(), OptionCatalogue.InferencePart);

            // A text is read when it comes or never.
            var texts = await TextModel.OpenAsync(service.TextModel, inference, time, loggers, cancellationToken);
            try
            {
                var shop = await OpenShop.OpenAsync(location.DataFolder, storage, options, openEncoder: null, texts.Encoder, time, loggers, cancellationToken);
                return new LocalAccess(shop, texts, service, inference, time);
            }
            catch
            {
                await texts.DisposeAsync();
                throw;
            }
        }
        catch (DataFolderHeldException e)
        {
            return Connect(configuration, location.DataFolder, storage, e);
        }
    }

    public Task<IEventSink> ConnectSinkAsync(string dataFolder, Uri? url, string? key, CancellationToken cancellationToken)
    {
        var address = url ?? (DataFolder.TryReadOwner(dataFolder)?.Url is { } owner
            ? new Uri(owner)
            : throw new CommandFailure($"no service holds {Path.GetFullPath(dataFolder)}: start it first (run --data {dataFolder}), or name one with --url"));
        return Task.FromResult<IEventSink>(
            HttpSink.ForWriteKey(new ServiceClient(address, key ?? ShopKeys.TryRead(HostConfiguration.Read([]), dataFolder)?.WriteKey, time)));
    }

    private RemoteAccess Connect(IConfiguration configuration, string dataFolder, ShopStorage storage, DataFolderHeldException held)
    {
        if (held.Owner is not { Url: { } url } owner)
        {
            throw new CommandFailure(
                $"{held.Message} It is no running service, so this command cannot go through it: wait until that process has ended.", held);
        }

        if (storage.Description is { } wanted && owner.Storage != wanted)
        {
            throw new CommandFailure($"{held.Message} Its data is in {owner.Storage ?? "that folder"}, not in {wanted}: name another folder with --data.", held);
        }

        return new RemoteAccess(new ServiceClient(new Uri(url), ShopKeys.TryRead(configuration, dataFolder)?.AdminKey, time));
    }
}
