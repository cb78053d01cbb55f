using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>
/// A real storage with faults on order: commits that fail, commits whose acknowledgement is lost, commits that take their time, and snapshots that cannot be
/// written. It owns the storage it decorates.
/// </summary>
public sealed class FaultInjectingStorage : IStorage
{
    private readonly IStorage _inner;
    private readonly FaultInjectingJournal _journal;
    private readonly FaultInjectingCustomerStore _customers;

    public FaultInjectingStorage(IStorage inner)
    {
        _inner = inner;
        _journal = new FaultInjectingJournal(inner.Journal);
        _customers = new FaultInjectingCustomerStore(inner.Customers);
    }

    /// <inheritdoc />
    public IJournal Journal => _journal;

    /// <inheritdoc />
    public ICustomerStore Customers => _customers;

    /// <inheritdoc />
    public IProfileIndex Profiles => _inner.Profiles;

    /// <inheritdoc />
    public ISegmentationStore Segmentations => _inner.Segmentations;

    /// <inheritdoc />
    public IAudienceStore Audiences => _inner.Audiences;

    /// <inheritdoc />
    public IModelStore Models => _inner.Models;

    /// <inheritdoc />
    public IRejectionLog Rejections => _inner.Rejections;

    /// <summary>The next append fails without reaching the storage, and whatever is queued behind it.</summary>
    public void FailNextAppend(Exception error) => _journal.FailNext(error);

    /// <summary>The next append is committed, but its writer is told that it failed.</summary>
    public void LoseNextAcknowledgement(Exception error) => _journal.LoseNext(error);

    /// <summary>While true, appends are taken but neither committed nor refused; when set to false they go on, in order.</summary>
    public bool HoldAppends
    {
        get => _journal.Hold;
        set => _journal.Hold = value;
    }

    /// <summary>Appends that are held.</summary>
    public int HeldAppends => _journal.Held;

    /// <summary>While set, loading and checkpoints fail with it.</summary>
    public Exception? SnapshotError
    {
        get => _customers.Error;
        set => _customers.Error = value;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
