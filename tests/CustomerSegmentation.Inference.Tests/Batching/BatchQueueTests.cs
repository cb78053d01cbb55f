using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Batching;

public sealed class BatchQueueTests
{
    private static readonly EncoderModel Model = TestPool.Describe(new GruModel(1));
    private readonly ManualTime _time = new();
    private readonly InferenceOptions _options = new() { BatchMax = 4, BatchEventsMax = 32, BatchWaitMs = 5, QueueMax = 10 };

    [Fact]
    public void Full_batch_leaves_at_once()
    {
        var queue = Filled(1, 1, 1, 1);
        Assert.Equal(4, Take(queue).Count);
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public void Part_of_a_batch_waits_for_company_and_no_longer_than_allowed()
    {
        var queue = Filled(1, 1);
        var batch = new Batch(4);
        Assert.False(queue.TryTake(batch, out var ticks));
        Assert.Equal(TimeSpan.FromMilliseconds(5).Ticks, ticks);
        _time.Advance(4);
        Assert.False(queue.TryTake(batch, out ticks));
        Assert.Equal(TimeSpan.FromMilliseconds(1).Ticks, ticks);
        _time.Advance(1);
        Assert.Equal(2, Take(queue).Count);
    }

    [Fact]
    public void Nothing_waits_when_the_queue_is_empty()
    {
        Assert.False(Filled().TryTake(new Batch(4), out var ticks));
        Assert.Equal(long.MaxValue, ticks);
    }

    [Fact]
    public void Requests_of_like_length_run_together_and_those_of_the_oldest_first()
    {
        var queue = Filled(9);
        _time.Advance(1);
        Enqueue(queue, 1, 16, 2, 1);
        _time.Advance(10);
        Assert.Equal([9, 16], Take(queue).Order());
        Assert.Equal([1, 1], Take(queue));
        Assert.Equal([2], Take(queue));
    }

    [Fact]
    public void Long_requests_make_smaller_batches()
    {
        var queue = Filled(16, 16, 16);
        Assert.Equal(2, Take(queue).Count);
        Assert.Equal(1, queue.Waiting);
    }

    [Fact]
    public void Queue_that_is_full_takes_no_more()
    {
        var queue = Filled(64, 64, 64, 64, 64, 64, 64, 64, 64, 64);
        Assert.Equal(Admission.Full, queue.TryEnqueue(Request(1)));
        Take(queue);
        Assert.Equal(Admission.Taken, queue.TryEnqueue(Request(1)));
    }

    [Fact]
    public void Closed_queue_takes_no_more_and_hands_out_the_rest_at_once()
    {
        var queue = Filled(1, 1);
        queue.Close();
        Assert.Equal(Admission.Closed, queue.TryEnqueue(Request(1)));
        Assert.Equal(2, Take(queue).Count);
        Assert.False(queue.Take(new Batch(4)));
    }

    [Fact]
    public void Second_request_of_a_customer_waits_until_the_first_has_ended()
    {
        var queue = Filled();
        EncoderRequest first = Request(1, 7), second = Request(1, 7), third = Request(1, 7), other = Request(1, 8);
        Assert.All([first, second, third, other], r => Assert.Equal(Admission.Taken, queue.TryEnqueue(r)));
        _time.Advance(10);
        var batch = new Batch(4);
        Assert.True(queue.TryTake(batch, out _));
        Assert.Equal([first, other], batch.Requests.ToArray());
        Assert.Equal(2, queue.Waiting);
        Assert.False(queue.TryTake(new Batch(4), out _));

        var followed = new List<ulong>();
        Assert.True(queue.Release([first, other], followed));
        Assert.Equal([7ul], followed);
        queue.ReleaseFollowers(followed);
        var next = new Batch(4);
        Assert.True(queue.TryTake(next, out _));
        Assert.Equal([second], next.Requests.ToArray());

        followed.Clear();
        Assert.True(queue.Release([second], followed));
        queue.ReleaseFollowers(followed);
        next.Clear();
        Assert.True(queue.TryTake(next, out _));
        Assert.Equal([third], next.Requests.ToArray());
        followed.Clear();
        Assert.False(queue.Release([third], followed));
    }

    [Fact]
    public void Length_classes_are_powers_of_two() =>
        Assert.Equal([0, 1, 2, 2, 3, 3, 4, 9], new[] { 1, 2, 3, 4, 5, 8, 9, 512 }.Select(BatchQueue.LengthClass));

    private static EncoderRequest Request(int events, ulong customer = 0) => Customers.Request(Model, 1, events, customer);

    private static void Enqueue(BatchQueue queue, params int[] lengths) =>
        Assert.All(lengths, l => Assert.Equal(Admission.Taken, queue.TryEnqueue(Request(l))));

    private static List<int> Take(BatchQueue queue)
    {
        var batch = new Batch(4);
        Assert.True(queue.TryTake(batch, out _));
        return [.. batch.Requests.ToArray().Select(r => r.EventCount)];
    }

    private BatchQueue Filled(params int[] lengths)
    {
        var queue = new BatchQueue(_options, _time);
        Enqueue(queue, lengths);
        return queue;
    }
}
