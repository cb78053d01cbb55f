using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Tests;

public sealed class RejectionQueueTests
{
    private readonly List<TaskCompletionSource<long>> _writes = [];
    private readonly RejectionQueue _queue;

    public RejectionQueueTests() => _queue = new RejectionQueue(3, 10, () =>
    {
        _writes.Add(new TaskCompletionSource<long>());
        return _writes[^1].Task;
    });

    [Fact]
    public async Task Close_writes_what_came_while_a_write_was_under_way()
    {
        _queue.Append([Records.Rejection("first")]);
        _queue.Append([Records.Rejection("second")]);
        var closing = _queue.CloseAsync();
        Assert.False(closing.IsCompleted);

        _writes[0].SetResult(11);

        Assert.Equal(2, _writes.Count);
        Assert.Equal([12L], _queue.Waiting().Select(r => r.Id));
        _writes[1].SetResult(12);
        await closing;
        Assert.Equal(0, _queue.Dropped);
    }

    [Fact]
    public async Task Close_tries_again_what_could_not_be_written_before()
    {
        _queue.Append([Records.Rejection("first")]);
        _writes[0].SetException(new IOException("The disk is full."));

        var closing = _queue.CloseAsync();

        Assert.Equal(2, _writes.Count);
        _writes[1].SetResult(11);
        await closing;
        Assert.Equal(0, _queue.Dropped);
    }

    [Fact]
    public async Task What_cannot_be_written_at_the_end_counts_as_dropped()
    {
        _queue.Append([Records.Rejection("first"), Records.Rejection("second")]);
        var closing = _queue.CloseAsync();

        _writes[0].SetException(new IOException("The disk is full."));
        await closing;

        Assert.Equal(2, _queue.Dropped);
        Assert.Empty(_queue.Waiting());
    }

    [Fact]
    public void More_than_may_wait_is_dropped_and_counted()
    {
        _queue.Append([.. Enumerable.Range(1, 5).Select(i => Records.Rejection($"reason {i}"))]);

        Assert.Equal([11L, 12L, 13L], _queue.Waiting().Select(r => r.Id));
        Assert.Equal(2, _queue.Dropped);
    }

    [Fact]
    public void Erased_customers_rejections_no_longer_wait()
    {
        _queue.Append([Records.Rejection("first", "anna"), Records.Rejection("second", "ben")]);

        Assert.Equal([11L], _queue.Erase("anna"));
        Assert.Equal(["ben"], _queue.Waiting().Select(r => r.CustomerId));
    }
}
