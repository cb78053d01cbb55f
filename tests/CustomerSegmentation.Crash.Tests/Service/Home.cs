using System.Text.Json;

namespace CustomerSegmentation.Crash.Tests.Service;

/// <summary>What outlives a process: its data folder, and the arguments that lead to its storage.</summary>
/// <param name="Folder">The data folder.</param>
/// <param name="StorageArgs">What to say beside the folder.</param>
internal sealed record Home(string Folder, params string[] StorageArgs)
{
    /// <summary>Arguments of every command.</summary>
    public string[] Args => ["--data", Folder, .. StorageArgs];

    /// <summary>The database of a folder whose storage is SQLite.</summary>
    public string Database => Path.Combine(Folder, "customers.db");

    /// <summary>The key that reads, and whose batches are answered with counts.</summary>
    public string AdminKey => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "keys.json"))).RootElement.GetProperty("adminKey").GetString()!;
}
