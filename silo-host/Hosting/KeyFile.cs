using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>The file in the data folder that keeps the keys; only its owner can read it.</summary>
internal sealed class KeyFile(string dataFolder)
{
    public const string WritePrefix = "write_";
    public const string AdminPrefix = "admin_";

    private const int KeyBytes = 24;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string Location { get; } = System.IO.Path.Combine(dataFolder, "keys.json");

    /// <summary>The keys, or null when there are none yet.</summary>
    /// <exception cref="CommandFailure">The file cannot be read.</exception>
    public ServiceKeys? TryRead()
    {
        try
        {
            return File.Exists(Location) && JsonSerializer.Deserialize<ServiceKeys>(File.ReadAllBytes(Location), Json) is { WriteKey: not null, AdminKey: not null } keys
                ? keys
                : null;
        }
        catch (JsonException e)
        {
            throw new CommandFailure($"{Location} is damaged: restore it, or remove it to have new keys made", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CommandFailure($"{Location} cannot be read by this user", e);
        }
    }

    /// <summary>The keys; made when there are none.</summary>
    public ServiceKeys ReadOrCreate(out bool created)
    {
        var keys = TryRead();
        created = keys is null;
        if (keys is null)
        {
            keys = new ServiceKeys(NewKey(WritePrefix), NewKey(AdminPrefix));
            Write(keys);
        }

        return keys;
    }

    /// <summary>Replaces the file in one step, readable by its owner alone.</summary>
    public void Write(ServiceKeys keys)
    {
        Directory.CreateDirectory(dataFolder);
        var temporary = Location + ".part";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(file, keys, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Location, overwrite: true);
    }

    public static string NewKey(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
}
