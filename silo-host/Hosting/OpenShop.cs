using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Embedded;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>A data folder held by this process, with the storage that belongs to it and the engine.</summary>
internal sealed class OpenShop : IAsyncDisposable
{
    private OpenShop(DataFolder folder, string description, IStorage storage, EmbeddedEngine engine)
    {
        Folder = folder;
        Description = description;
        Storage = storage;
        Engine = engine;
    }

    public DataFolder Folder { get; }

    /// <summary>Where the data is, for people.</summary>
    public string Description { get; }

    public IStorage Storage { get; }

    public EmbeddedEngine Engine { get; }

    /// <param name="path">The data folder.</param>
    /// <param name="choice">Which storage.</param>
    /// <param name="options">Limits and rhythms of the engine.</param>
    /// <param name="openEncoder">Gives the encoder, once the storage with its models is open; null for features alone.</param>
    /// <param name="texts">Reads the texts of events; null for nobody.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="DataFolderHeldException">Another process holds the folder.</exception>
    /// <exception cref="CommandFailure">The folder or its database cannot be opened.</exception>
    public static async Task<OpenShop> OpenAsync(
        string path, ShopStorage choice, EngineOptions options, Func<IModelStore, Task<IEncoder>>? openEncoder, ITextEncoder? texts, TimeProvider time,
        ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        DataFolder? folder = null;
        IStorage? storage = null;
        try
        {
            folder = choice.TakeFolder(path, time);
            storage = await choice.OpenAsync(folder, time, loggers, cancellationToken);
            var encoder = openEncoder is null ? null : await openEncoder(storage.Models);
            var engine = await EmbeddedEngine.StartAsync(storage, options, time, loggers, TaskScheduler.Default, encoder, texts, cancellationToken);
            return new OpenShop(folder, choice.Description ?? folder.Path, storage, engine);
        }
        catch
        {
            if (storage is not null)
            {
                await storage.DisposeAsync();
            }

            folder?.Dispose();
            throw;
        }
    }

    /// <summary>Writes what is new, closes the storage and lets go of the folder. A storage that did not take it all is left as after a crash.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Engine.DisposeAsync();
            if (Engine.IsUpToDate)
            {
                // Marks a clean stop. Without it the next start looks for customers whose profiles are behind their journals.
                await Storage.DisposeAsync();
            }
        }
        finally
        {
            Folder.Dispose();
        }
    }
}
