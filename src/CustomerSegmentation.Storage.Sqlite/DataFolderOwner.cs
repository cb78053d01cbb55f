namespace CustomerSegmentation.Storage.Sqlite;

/// <summary>Which process holds a data folder.</summary>
/// <param name="ProcessId">Its process id on <paramref name="Machine"/>.</param>
/// <param name="Started">When it took the folder.</param>
/// <param name="Machine">The machine's name.</param>
/// <param name="Url">Where it answers, as a base address; null before it listens, or when it does not.</param>
/// <param name="Storage">Where its data is, for people; null when it is in the folder.</param>
public sealed record DataFolderOwner(int ProcessId, DateTimeOffset Started, string Machine, string? Url, string? Storage = null);
