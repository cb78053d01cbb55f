using CustomerSegmentation.Engine.Embedded;
using CustomerSegmentation.SiloHost.Access;
using CustomerSegmentation.SiloHost.Client;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Import;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Opens the data folder in this process when nobody holds it, else speaks to the service that does.</summary>
internal sealed class AccessOpener(TimeProvider time, ILoggerFactory loggers) : IAccessOpener
{
    public async Task<ISegmentationAccess> OpenAsync(string dataFolder, CancellationToken cancellationToken)
    {
        try
        {
            // Commands do one thing: nothing is re-clustered behind their back.
            var options = new EngineOptions { ScheduleSegmentations = false };
            return new LocalAccess(await OpenShop.OpenAsync(dataFolder, options, time, loggers, cancellationToken), time);
        }
        catch (DataFolderHeldException e)
        {
            var url = e.Owner?.Url
                ?? throw new CommandFailure($"{e.Message} It is no running service, so this command cannot go through it: wait until that process has ended.", e);
            return new RemoteAccess(new ServiceClient(new Uri(url), new KeyFile(dataFolder).TryRead()?.AdminKey, time));
        }
    }

    public Task<IEventSink> ConnectSinkAsync(string dataFolder, Uri? url, string? key, CancellationToken cancellationToken)
    {
        var address = url ?? (DataFolder.TryReadOwner(dataFolder)?.Url is { } owner
            ? new Uri(owner)
            : throw new CommandFailure($"no service holds {Path.GetFullPath(dataFolder)}: start it first (run --data {dataFolder}), or name one with --url"));
        return Task.FromResult<IEventSink>(
            HttpSink.ForWriteKey(new ServiceClient(address, key ?? new KeyFile(dataFolder).TryRead()?.WriteKey, time)));
    }
}
