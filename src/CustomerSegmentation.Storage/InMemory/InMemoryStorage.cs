using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Storage.InMemory;

/// <summary>
/// Storage that lasts as long as the process, for tests and simulations. It has no thread and no clock of its own: every call completes synchronously
/// on the caller's thread, and so do continuations of a commit.
/// </summary>
public sealed class InMemoryStorage : IStorage
{
    private readonly InMemoryStorageOptions _options;
    private readonly InMemoryData _data;
    private readonly InMemoryJournal _journal;
    private readonly InMemoryRejectionLog _rejections;

    public InMemoryStorage(InMemoryStorageOptions? options = null)
        : this(options ?? new InMemoryStorageOptions(), new InMemoryData())
    {
    }

    private InMemoryStorage(InMemoryStorageOptions options, InMemoryData data)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.JournalQueueAppendsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.JournalQueueBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RejectionsMax, 1);
        _options = options;
        _data = data;
        _journal = new InMemoryJournal(options, data);
        bool stale;
        lock (data.Gate)
        {
            stale = !data.CleanStop;
            data.CleanStop = false;
        }

        Customers = new InMemoryCustomerStore(data, stale);
        Profiles = new InMemoryProfileIndex(data);
        Segmentations = new InMemorySegmentationStore(data);
        Audiences = new InMemoryAudienceStore(data);
        Models = new InMemoryModelStore(data);
        _rejections = new InMemoryRejectionLog(options, data);
    }

    /// <inheritdoc />
    public IJournal Journal => _journal;

    /// <inheritdoc />
    public ICustomerStore Customers { get; }

    /// <inheritdoc />
    public IProfileIndex Profiles { get; }

    /// <inheritdoc />
    public ISegmentationStore Segmentations { get; }

    /// <inheritdoc />
    public IAudienceStore Audiences { get; }

    /// <inheritdoc />
    public IModelStore Models { get; }

    /// <inheritdoc />
    public IRejectionLog Rejections => _rejections;

    /// <summary>Appends that wait for <see cref="CommitPending"/>.</summary>
    public int PendingAppends => _journal.Pending;

    /// <summary>Called after an append was queued (only with <see cref="InMemoryStorageOptions.ManualCommit"/>), so that a simulation can schedule a commit.</summary>
    public Action? AppendQueued
    {
        get => _journal.AppendQueued;
        set => _journal.AppendQueued = value;
    }

    /// <summary>Commits the oldest queued appends as one group; returns how many outcomes were decided.</summary>
    public int CommitPending(int appendsMax = int.MaxValue) => _journal.Commit(appendsMax);

    /// <summary>Fails everything queued, as a storage does whose commit failed. <see cref="IJournal.Fault"/> stays set until the next commit.</summary>
    public int FailPending(Exception error) => _journal.Fail(error);

    /// <summary>
    /// A new storage over the same data, as after a restart of the process. Unless this one was disposed before, that is a crash: what is queued fails,
    /// and <see cref="ICustomerStore.FindStaleAsync"/> has something to find.
    /// </summary>
    public InMemoryStorage Reopen(InMemoryStorageOptions? options = null)
    {
        _journal.Close(commit: false);
        return new InMemoryStorage(options ?? _options, _data);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _rejections.Close();
        if (_journal.Close(commit: true))
        {
            lock (_data.Gate)
            {
                _data.CleanStop = true;
            }
        }

        return ValueTask.CompletedTask;
    }
}
