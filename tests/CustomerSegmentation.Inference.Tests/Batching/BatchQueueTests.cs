using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.Inference.Onnx;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Batching;

public sealed class BatchQueueTests : IDisposable
{
    private static readonly GruModel Gru = new(1);
    private static readonly EncoderModel Model = TestPool.Describe(Gru);
    private readonly List<BatchQueue> _queues = [];
    private readonly OnnxSession? _session = TestLibrary.Lacking is null ? TestPool.Open(Gru) : null;
    private readonly ManualTime _time = new();
    private readonly InferenceOptions _options = new() { BatchMax = 4, BatchEventsMax = 32, BatchWaitMs = 5, QueueMax = 10 };

    [OnnxFact]
    public void Full_batch_leaves_at_once()
    {
        var queue = Filled(1, 1, 1, 1);
        Assert.Equal(4, Take(queue).Count);
        Assert.Equal(0, queue.Waiting);
    }

    [OnnxFact]
    public void Part_of_a_batch_waits_for_company_and_no_longer_than_allowed()
    {
        var queue = Filled(1, 1);
        Assert.Null(queue.TryTake(out var ticks));
        Assert.Equal(TimeSpan.FromMilliseconds(5).Ticks, ticks);
        _time.Advance(4);
        Assert.Null(queue.TryTake(out ticks));
        Assert.Equal(TimeSpan.FromMilliseconds(1).Ticks, ticks);
        _time.Advance(1);
        Assert.Equal(2, Take(queue).Count);
    }

    [OnnxFact]
    public void Nothing_waits_when_the_queue_is_empty()
    {
        Assert.Null(Filled().TryTake(out var ticks));
        Assert.Equal(long.MaxValue, ticks);
    }

    [OnnxFact]
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

    [OnnxFact]
    public void Long_requests_make_smaller_batches()
    {
        var queue = Filled(16, 16, 16);
        Assert.Equal(2, Take(queue).Count);
        Assert.Equal(1, queue.Waiting);
    }

    [OnnxFact]
    public void Queue_that_is_full_takes_no_more()
    {
        var queue = Filled(64, 64, 64, 64, 64, 64, 64, 64, 64, 64);
        Assert.Equal(Admission.Full, queue.TryEnqueue(Request(1)));
        Take(queue);
        Assert.Equal(Admission.Taken, queue.TryEnqueue(Request(1)));
    }

    [OnnxFact]
    public void Closed_queue_takes_no_more_and_hands_out_the_rest_at_once()
    {
        var queue = Filled(1, 1);
        queue.Close();
        Assert.Equal(Admission.Closed, queue.TryEnqueue(Request(1)));
        Assert.Equal(2, Take(queue).Count);
        using var bell = new AutoResetEvent(false);
        Assert.Null(queue.Take(bell));
    }

    [OnnxFact]
    public void Second_request_of_a_customer_waits_until_the_first_has_ended()
    {
        var queue = Filled();
        EncoderRequest first = Request(1, 7), second = Request(1, 7), third = Request(1, 7), other = Request(1, 8);
        Assert.All([first, second, third, other], r => Assert.Equal(Admission.Taken, queue.TryEnqueue(r)));
        _time.Advance(10);
        Assert.Equal([first, other], queue.TryTake(out _)!.Requests.ToArray());
        Assert.Equal(2, queue.Waiting);
        Assert.Null(queue.TryTake(out _));

        var followed = queue.Release([first, other]);
        Assert.Equal([7ul], followed);
        queue.ReleaseFollowers(followed!);
        Assert.Equal([second], queue.TryTake(out _)!.Requests.ToArray());
        queue.ReleaseFollowers(queue.Release([second])!);
        Assert.Equal([third], queue.TryTake(out _)!.Requests.ToArray());
        Assert.Null(queue.Release([third]));
    }

    [OnnxFact]
    public void Short_requests_leave_before_long_ones_unless_those_have_waited_very_long()
    {
        var queue = Filled(16, 16, 16, 1, 1, 1, 1);
        Assert.Equal([1, 1, 1, 1], Take(queue));
        _time.Advance(1);
        Enqueue(queue, 1, 1, 1, 1);
        _time.Advance(50);
        Assert.Equal([16, 16], Take(queue));
        Enqueue(queue, 1, 1, 1, 1);
        Assert.Equal([16], Take(queue));
        Assert.Equal([1, 1, 1, 1], Take(queue));
    }

    [OnnxFact]
    public async Task What_a_lane_sends_gathers_apart_and_leaves_first_with_that_lane()
    {
        var queue = Filled(1, 1, 1);
        await OnLane(() =>
        {
            Assert.All(new ulong[] { 1, 2, 3, 4 }, customer => Assert.Equal(Admission.Taken, queue.TryEnqueue(Request(1, customer))));
        });
        Enqueue(queue, 1);
        await OnLane(() => Assert.Equal(new ulong[] { 1, 2, 3, 4 }, queue.TryTake(out _)!.Requests.ToArray().Select(r => r.Customer)));
        Assert.Equal(4, Take(queue).Count);
    }

    [OnnxFact]
    public async Task What_a_lane_sends_does_not_pass_what_has_waited_its_time()
    {
        var queue = Filled(1);
        _time.Advance(6);
        await OnLane(() =>
        {
            Enqueue(queue, 1, 1, 1, 1);
            Assert.Single(Take(queue));
            Assert.Equal(4, Take(queue).Count);
        });
    }

    [OnnxFact]
    public async Task What_a_lane_sends_is_taken_by_any_other_thread_too()
    {
        var queue = Filled();
        await OnLane(() => Enqueue(queue, 1, 1, 1, 1));
        Assert.Equal(4, Take(queue).Count);
    }

    [OnnxFact]
    public void Request_is_in_its_batch_as_it_was_when_it_came()
    {
        var queue = Filled();
        var requests = Enumerable.Range(0, 4).Select(i => Customers.Request(Model, i, 3 + (i % 2))).ToArray();
        Assert.All(requests, r => Assert.Equal(Admission.Taken, queue.TryEnqueue(r)));
        var expected = requests.Select(r => Run([r])[0]).ToArray();
        Assert.All(requests, r => r.Features.Clear());
        var batch = queue.TryTake(out _)!;
        batch.Settle();
        Assert.Equal(14, batch.Run());
        for (var i = 0; i < 4; i++)
        {
            Assert.Null(batch.Read(i));
            Customers.AssertClose(expected[i], requests[i].Result.Probabilities);
        }
    }

    [OnnxFact]
    public void Returned_batch_is_empty_and_used_again()
    {
        var queue = Filled(1, 1, 1, 1);
        var batch = queue.TryTake(out _)!;
        queue.Return(batch);
        Enqueue(queue, 1, 1, 1);
        _time.Advance(6);
        Assert.Same(batch, queue.TryTake(out _));
        Assert.Equal(3, batch.Count);
    }

    [Fact]
    public void Length_classes_are_powers_of_two() =>
        Assert.Equal([0, 1, 2, 2, 3, 3, 4, 9], new[] { 1, 2, 3, 4, 5, 8, 9, 512 }.Select(BatchQueue.LengthClass));

    private static EncoderRequest Request(int events, ulong customer = 0) => Customers.Request(Model, 1, events, customer);

    private static Task OnLane(Action work) => Task.Factory.StartNew(
        () =>
        {
            BatchQueue.EnterLane(1);
            work();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static void Enqueue(BatchQueue queue, params int[] lengths) =>
        Assert.All(lengths, l => Assert.Equal(Admission.Taken, queue.TryEnqueue(Request(l))));

    public void Dispose()
    {
        _queues.ForEach(q => q.Dispose());
        _session?.Dispose();
    }

    private static List<int> Take(BatchQueue queue) => [.. queue.TryTake(out _)!.Requests.ToArray().Select(r => r.EventCount)];

    private BatchQueue Filled(params int[] lengths)
    {
        var queue = new BatchQueue(
            _options, _time, (lengthClass, size) => new Batch(new SequenceRows(TestLibrary.Runtime, _session!, Model, size, BatchQueue.LongestOf(lengthClass)), lengthClass));
        _queues.Add(queue);
        Enqueue(queue, lengths);
        return queue;
    }

    private float[][] Run(EncoderRequest[] requests)
    {
        using var rows = new SequenceRows(TestLibrary.Runtime, _session!, Model, requests.Length, 16);
        for (var i = 0; i < requests.Length; i++)
        {
            rows.Write(i, requests[i]);
        }

        rows.Run(requests.Length);
        return [.. requests.Select((r, i) => rows.Read(i, r) is null ? r.Probabilities.ToArray() : [])];
    }
}
