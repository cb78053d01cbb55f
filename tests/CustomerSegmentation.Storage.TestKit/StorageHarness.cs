namespace CustomerSegmentation.Storage.TestKit;

/// <summary>A storage under test, with what a test does to it from outside.</summary>
public abstract class StorageHarness : IAsyncDisposable
{
    public abstract IStorage Storage { get; }

    /// <summary>Opens the same data again, after closing it (clean) or as after a crash. Nothing may be queued.</summary>
    public abstract Task ReopenAsync(bool clean);

    /// <summary>From now on appends stay queued.</summary>
    public abstract void PauseCommits();

    /// <summary>Queued appends commit, and all later ones.</summary>
    public abstract void ResumeCommits();

    /// <summary>After <see cref="PauseCommits"/>: the commit fails that the queued appends are waiting for. Commits work again afterwards.</summary>
    public abstract Task FailCommitAsync();

    public abstract ValueTask DisposeAsync();
}
