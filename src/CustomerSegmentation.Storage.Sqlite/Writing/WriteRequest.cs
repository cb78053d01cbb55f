namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>A write other than an append: one transaction on the writer thread.</summary>
internal abstract class WriteRequest
{
    /// <summary>
    /// Whether the disk is synced before it counts as done. What can be rebuilt from the journal need not be: the next commit group syncs it as well.
    /// </summary>
    public required bool Durable { get; init; }

    /// <summary>Whether erased content has to leave the files soon.</summary>
    public bool Scrubs { get; init; }

    /// <summary>True when the caller gave up before the work began; its task is then cancelled.</summary>
    public abstract bool TryCancel();

    /// <summary>Runs inside a transaction.</summary>
    public abstract void Run(WriterSession session);

    /// <summary>After the commit.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception error);
}

/// <inheritdoc />
internal sealed class WriteRequest<T>(Func<WriterSession, T> work, CancellationToken cancellationToken) : WriteRequest
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Completion => _completion.Task;

    public override bool TryCancel() => cancellationToken.IsCancellationRequested && _completion.TrySetCanceled(cancellationToken);

    public override void Run(WriterSession session) => _result = work(session);

    public override void Succeed() => _completion.TrySetResult(_result);

    public override void Fail(Exception error) => _completion.TrySetException(error);
}
