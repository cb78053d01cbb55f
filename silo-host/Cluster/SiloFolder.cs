using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.SiloHost.Cluster;

/// <summary>
/// A silo's data folder: its keys, and where it answers, for commands. Silos of one machine may share a folder, and so the keys; commands then go through the first.
/// </summary>
internal static class SiloFolder
{
    /// <returns>The folder; null when another silo of the same database holds it.</returns>
    /// <exception cref="CommandFailure">Somebody else holds it, or it cannot be written.</exception>
    public static DataFolder? Take(string path, string storage, TimeProvider time)
    {
        try
        {
            return DataFolder.Open(path, time, storage);
        }
        catch (DataFolderHeldException e) when (e.Owner?.Storage == storage)
        {
            return null;
        }
        catch (DataFolderHeldException e)
        {
            throw new CommandFailure($"{e.Message} Use another folder with --data.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CommandFailure(e.Message, e);
        }
    }
}
