using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Tests.Encoders;

public sealed class EncoderRequestTests
{
    private static readonly EncoderModel Model = new("m", "1", 2, 3, 4, [("a", ["x", "y"]), ("b", ["z"])]);

    [Fact]
    public void Begun_request_is_empty_whatever_it_held_before()
    {
        var request = new EncoderRequest();
        request.Begin(Model, 1);
        request.Continue([1, 2], 5);
        request.Add(new EncoderToken { TimeMs = 10 });
        request.Features.Fill(3);
        request.Begin(Model, 2);
        Assert.Equal((2ul, 0, true), (request.Customer, request.EventCount, request.IsFromStart));
        Assert.Equal([0, 0], request.State.ToArray());
        Assert.Equal([0, 0, 0, 0], request.Features.ToArray());
        Assert.True(request.Events.IsEmpty);
    }

    [Fact]
    public void Gap_of_the_first_event_refers_to_the_last_one_encoded()
    {
        var request = new EncoderRequest();
        request.Begin(Model, 1);
        request.Continue([1, 2], 5_000);
        request.Add([new EncoderToken { TimeMs = 6_000 }, new EncoderToken { TimeMs = 6_000 }]);
        Assert.Equal([MathF.Log(2), 0], new[] { request.Events[1], request.Events[TokenLayout.Columns + 1] });
        Assert.Equal([1, 2], request.State.ToArray());
        Assert.False(request.IsFromStart);
    }

    [Fact]
    public async Task Answer_is_seen_by_whoever_waits()
    {
        var request = new EncoderRequest();
        request.Begin(Model, 1);
        var task = request.Start(CancellationToken.None).AsTask();
        Assert.False(task.IsCompleted);
        request.StateOut.Fill(1);
        request.Embedding.Fill(2);
        request.Probabilities.Fill(3);
        request.Complete(EncoderOutcome.Encoded);
        Assert.Equal(EncoderOutcome.Encoded, await task);
        Assert.Equal([1, 1], request.Result.State.ToArray());
        Assert.Equal([2, 2, 2], request.Result.Embedding.ToArray());
        Assert.Equal([3, 3, 3], request.Result.Probabilities.ToArray());
        Assert.Equal(1, Model.Heads[1].Of(request.Result.Probabilities).Length);
    }

    [Fact]
    public async Task Request_can_be_sent_again_after_its_answer_and_not_before()
    {
        var request = new EncoderRequest();
        Assert.Throws<InvalidOperationException>(() => { _ = request.Start(CancellationToken.None); });
        request.Begin(Model, 1);
        var first = request.Start(CancellationToken.None).AsTask();
        Assert.Throws<InvalidOperationException>(() => { _ = request.Start(CancellationToken.None); });
        Assert.Throws<InvalidOperationException>(() => request.Begin(Model, 1));
        request.Complete(EncoderOutcome.Failed, "because");
        Assert.Equal(EncoderOutcome.Failed, await first);
        Assert.Equal("because", request.Reason);
        request.Begin(Model, 1);
        Assert.Null(request.Reason);
        var second = request.Start(CancellationToken.None).AsTask();
        request.Cancel();
        await Assert.ThrowsAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        var request = new EncoderRequest();
        request.Begin(Model, 1);
        Assert.Throws<ArgumentException>(() => request.Continue([1], 0));
        Assert.Throws<ArgumentException>(() => request.AddRows(new float[3]));
        for (var i = 0; i < EncoderRequest.EventsMax; i++)
        {
            request.Add(new EncoderToken { TimeMs = i });
        }

        Assert.Throws<InvalidOperationException>(() => request.Add(default(EncoderToken)));
        Assert.Throws<InvalidOperationException>(() => request.Continue([1, 2], 0));
    }

    [Fact]
    public void Pool_keeps_no_more_than_its_limit_beside_the_one_at_hand()
    {
        var pool = new EncoderRequestPool(1);
        EncoderRequest first = pool.Rent(Model, 1), second = pool.Rent(Model, 2), third = pool.Rent(Model, 3);
        pool.Return(first);
        pool.Return(second);
        pool.Return(third);
        Assert.Same(first, pool.Rent(Model, 4));
        Assert.Same(second, pool.Rent(Model, 5));
        Assert.NotSame(third, pool.Rent(Model, 6));
    }

    [Fact]
    public async Task Where_there_is_no_encoder_requests_are_unavailable_with_the_reason()
    {
        var encoder = new NoEncoder("The library is missing.");
        var request = encoder.Rent(Model, 1);
        Assert.Null(encoder.Model);
        Assert.Equal(EncoderOutcome.Unavailable, await encoder.EncodeAsync(request));
        Assert.Equal("The library is missing.", request.Reason);
    }

    [Fact]
    public void Model_without_a_head_or_a_size_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new EncoderModel("m", "1", 0, 1, 1, [("a", ["x"])]));
        Assert.Throws<ArgumentException>(() => new EncoderModel("m", "1", 1, 1, 1, []));
        Assert.Throws<ArgumentException>(() => new EncoderModel("m", "1", 1, 1, 1, [("a", [])]));
    }
}
