using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Hosting;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.SiloHost.Cluster;

/// <summary>
/// A silo's data folder: its keys, and where it answers, for commands. Silos of one machine may share a folder, and so the keys; commands then go through the first.
/// </summary>
internal static class SiloFolder
{
    /// <summary>Looks for what a silo that starts at the same moment is about to write: who holds the folder, and the keys.</summary>
    private const int LooksMax = 50;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <returns>The folder; null when another silo of the same database holds it.</returns>
    /// <exception cref="CommandFailure">Somebody else holds it, or it cannot be written.</exception>
    public static async Task<DataFolder?> TakeAsync(string path, string storage, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            try
            {
                return Take(path, storage, time);
            }
            catch (DataFolderHeldException e) when (e.Owner is null && look < LooksMax)
            {
                // Whoever starts at the same moment has the folder, and will say in a moment who it is.
                await Task.Delay(LookEvery, time, cancellationToken);
            }
            catch (DataFolderHeldException e)
            {
                throw new CommandFailure($"{e.Message} Use another folder with --data.", e);
            }
        }
    }

    /// <summary>Whoever holds the folder makes the keys; the others wait for them, for a while.</summary>
    /// <exception cref="CommandFailure">The keys cannot be read.</exception>
    public static async Task AwaitKeysAsync(string path, IConfiguration configuration, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var look = 1; look < LooksMax && ShopKeys.TryRead(configuration, path) is null; look++)
        {
            await Task.Delay(LookEvery, time, cancellationToken);
        }
    }

    private static DataFolder? Take(string path, string storage, TimeProvider time)
    {
        try
        {
            return DataFolder.Open(path, time, storage);
        }
        catch (DataFolderHeldException e) when (e.Owner?.Storage == storage)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CommandFailure(e.Message, e);
        }
    }
}
