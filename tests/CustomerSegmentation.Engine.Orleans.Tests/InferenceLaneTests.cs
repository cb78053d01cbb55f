using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Encoders.TestKit;
using CustomerSegmentation.Engine.Orleans.Inference;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>The way to one inference silo, with the other end in the test's hands.</summary>
public sealed class InferenceLaneTests : IDisposable
{
    /// <summary>Milliseconds that no test takes.</summary>
    private const double Long = 600_000;

    private static readonly EncoderModel Model = ScriptedEncoder.ModelOf("1");

    private readonly List<(EncoderBatch Batch, TaskCompletionSource<EncodedBatch> Answer)> _calls = [];
    private readonly List<string> _unanswered = [];
    private readonly Measurements _measured = new();
    private readonly RemoteInferenceMetrics _metrics = new();
    private int _ended;

    public void Dispose()
    {
        _metrics.Dispose();
        _measured.Dispose();
    }

    [Fact]
    public void Full_batches_leave_at_once_in_order_and_the_rest_waits_for_company()
    {
        var lane = Lane(new InferenceCallOptions { BatchMax = 4, WaitMs = Long });
        for (ulong customer = 1; customer <= 10; customer++)
        {
            lane.Add(Request(customer));
        }
        Assert.Equal([[1, 2, 3, 4], [5, 6, 7, 8]], _calls.Select(c => c.Batch.Customers));
        lane.Add(Request(11));
        lane.Add(Request(12));
        Assert.Equal([9, 10, 11, 12], _calls[2].Batch.Customers);
    }

    [Fact]
    public async Task Calls_are_bounded_and_what_waits_goes_when_one_ends()
    {
        var lane = Lane(new InferenceCallOptions { BatchMax = 2, WaitMs = 0, CallsMax = 1 });
        for (ulong customer = 1; customer <= 5; customer++)
        {
            lane.Add(Request(customer));
        }
        Assert.Equal([1], Assert.Single(_calls).Batch.Customers);
        var called = _calls[0];
        called.Answer.SetResult(Encode(called.Batch));
        await Waiting.UntilAsync(() => _calls.Count == 2);
        Assert.Equal([2, 3], _calls[1].Batch.Customers);
        Assert.Equal(1, _ended);
        Assert.Equal((2, 1), (lane.Waiting, lane.Calls));
    }

    [Fact]
    public async Task Answers_are_those_of_the_model_to_the_same_events_and_states()
    {
        var lane = Lane(new InferenceCallOptions { BatchMax = 3, WaitMs = Long });
        var requests = new[] { Request(1), Request(2, 5), Request(3, 2, new float[Model.StateSize].Select((_, i) => i / 10f).ToArray()) };
        var tasks = requests.Select(r => r.Request.Start(default)).ToList();
        Array.ForEach(requests, lane.Add);
        _calls[0].Answer.SetResult(Encode(_calls[0].Batch));
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal(EncoderOutcome.Encoded, await tasks[i]);
            var expected = new EncoderRequest();
            expected.Begin(Model, 0);
            if (!requests[i].Request.IsFromStart)
            {
                expected.Continue(requests[i].Request.State, 0);
            }
            expected.AddRows(requests[i].Request.Events);
            ScriptedEncoder.Compute(expected);
            Assert.Equal(expected.StateOut, requests[i].Request.StateOut);
            Assert.Equal(expected.Embedding, requests[i].Request.Embedding);
            Assert.Equal(expected.Probabilities, requests[i].Request.Probabilities);
        }
    }

    [Fact]
    public async Task Metrics_count_requests_and_calls_by_their_outcomes_and_what_waits()
    {
        var lane = Lane(new InferenceCallOptions { BatchMax = 2, WaitMs = Long, CallsMax = 3 });
        _metrics.Watch(() => lane.Waiting, () => lane.Calls);
        for (ulong customer = 1; customer <= 7; customer++)
        {
            lane.Add(Request(customer));
        }
        Assert.Equal((1, 3), (_measured.Read("segmentation.inference.remote.queue.length"), _measured.Read("segmentation.inference.remote.calls.active")));

        _calls[0].Answer.SetResult(new EncodedBatch { Outcomes = [(byte)EncoderOutcome.Refused, (byte)EncoderOutcome.Busy] });
        _calls[1].Answer.SetResult(new EncodedBatch { Refusal = "runs no model" });
        _calls[2].Answer.SetException(new TimeoutException("no answer"));
        await Waiting.UntilAsync(() => _unanswered.Count == 4 && lane.Calls == 0);

        Assert.Equal(
            ["Answered 1", "Refused 1", "Unanswered 1"], _measured.CountsOf("segmentation.inference.remote.call.duration"));
        Assert.Equal(["Busy 1", "Refused 1"], _measured.CountsOf("segmentation.inference.remote.requests"));
        Assert.Equal([" 3"], _measured.CountsOf("segmentation.inference.remote.call.size"));
    }

    [Theory]
    [InlineData("fails")]
    [InlineData("refuses")]
    [InlineData("mistakes")]
    public async Task Silo_that_does_not_answer_rests_and_its_requests_come_back(string how)
    {
        var lane = Lane(new InferenceCallOptions { BatchMax = 2, WaitMs = Long });
        lane.Add(Request(1));
        lane.Add(Request(2));
        Assert.False(lane.IsResting);
        switch (how)
        {
            case "fails":
                _calls[0].Answer.SetException(new TimeoutException("no answer"));
                break;
            case "refuses":
                _calls[0].Answer.SetResult(new EncodedBatch { Refusal = "runs no model" });
                break;
            default:
                _calls[0].Answer.SetResult(new EncodedBatch { Outcomes = [0] });
                break;
        }
        await Waiting.UntilAsync(() => _unanswered.Count == 2);
        Assert.True(lane.IsResting);
        Assert.StartsWith("inference silo one ", _unanswered[0], StringComparison.Ordinal);
    }

    private InferenceLane Lane(InferenceCallOptions options) => new(
        "one",
        batch =>
        {
            _calls.Add((batch, new TaskCompletionSource<EncodedBatch>()));
            return _calls[^1].Answer.Task;
        },
        options, TimeProvider.System, _metrics, (requests, reason) => _unanswered.AddRange(requests.Select(_ => reason)), ended => Interlocked.Add(ref _ended, ended));

    private static WaitingRequest Request(ulong customer, int events = 1, float[]? state = null)
    {
        var request = new EncoderRequest();
        request.Begin(Model, customer);
        if (state is not null)
        {
            request.Continue(state, 0);
        }
        for (var i = 0; i < events; i++)
        {
            var row = new float[TokenLayout.Columns];
            Array.Fill(row, i + (customer / 10f));
            request.AddRows(row);
        }
        return new WaitingRequest(request, TimeProvider.System.GetTimestamp(), IsSecondTry: false);
    }

    /// <summary>What a silo answers.</summary>
    private static EncodedBatch Encode(EncoderBatch batch) => new SiloInference(new ScriptedEncoder(Model)).EncodeAsync(batch).Result;
}
