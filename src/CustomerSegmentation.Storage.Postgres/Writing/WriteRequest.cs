namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>A write other than an append: one transaction of the writer.</summary>
internal abstract class WriteRequest
{
    /// <summary>True when the caller gave up before the work began; its task is then cancelled.</summary>
    public abstract bool TryCancel();

    /// <summary>Runs inside a transaction.</summary>
    public abstract Task RunAsync(WriterSession session);

    /// <summary>After the commit.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception error);
}

/// <inheritdoc />
internal sealed class WriteRequest<T>(Func<WriterSession, Task<T>> work, CancellationToken cancellationToken) : WriteRequest
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Completion => _completion.Task;

    public override bool TryCancel() => cancellationToken.IsCancellationRequested && _completion.TrySetCanceled(cancellationToken);

    public override async Task RunAsync(WriterSession session) => _result = await work(session);

    public override void Succeed() => _completion.TrySetResult(_result);

    public override void Fail(Exception error) => _completion.TrySetException(error);
}
