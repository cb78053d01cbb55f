using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Batching;

/// <summary>The numbers that come out.</summary>
public sealed class EncodingTests
{
    private static readonly GruModel Gru = new(5, stateSize: 16, embeddingSize: 6);

    [OnnxFact]
    public async Task Answers_equal_those_of_a_plain_computation()
    {
        await using var pool = new TestPool(Gru);
        var request = Customers.Request(pool.Model, 3, 20);
        Assert.Equal(EncoderOutcome.Encoded, await pool.EncodeAsync(request));
        var state = new float[Gru.StateSize];
        for (var i = 0; i < request.EventCount; i++)
        {
            state = Gru.Step(state, request.Events.Slice(i * TokenLayout.Columns, TokenLayout.Columns));
        }

        Customers.AssertClose(state, request.Result.State);
        Customers.AssertClose(Gru.Embed(state), request.Result.Embedding);
        Assert.All(pool.Model.Heads, head => Assert.Equal(1, Sum(head.Of(request.Result.Probabilities)), 1e-5));
        Assert.Same(pool.Model, request.Result.Model);
    }

    [OnnxFact]
    public async Task Events_at_once_equal_events_one_by_one()
    {
        await using var pool = new TestPool(Gru);
        var whole = Customers.Request(pool.Model, 3, 12);
        await pool.EncodeAsync(whole);
        var tokens = Customers.Tokens(3, 12);
        var step = new EncoderRequest();
        var state = new float[Gru.StateSize];
        for (var i = 0; i < tokens.Length; i++)
        {
            step.Begin(pool.Model, 1);
            if (i > 0)
            {
                step.Continue(state, tokens[i - 1].TimeMs);
            }

            step.Add(tokens[i]);
            Customers.WriteFeatures(step, 3);
            Assert.Equal(EncoderOutcome.Encoded, await pool.EncodeAsync(step));
            step.Result.State.CopyTo(state);
        }

        Customers.AssertClose(whole.Result.State, state);
        Customers.AssertClose(whole.Result.Embedding, step.Result.Embedding);
        Customers.AssertClose(whole.Result.Probabilities, step.Result.Probabilities);
    }

    [OnnxFact]
    public async Task Customers_in_a_batch_get_what_each_would_get_alone()
    {
        var time = new ManualTime();
        await using var alone = new TestPool(Gru);
        await using var together = new TestPool(Gru, new InferenceOptions { Lanes = 1, BatchMax = 8 }, time);
        int[] lengths = [5, 6, 7, 8, 5, 6, 7, 8];
        var requests = lengths.Select((l, i) => Customers.Request(together.Model, i, l)).ToArray();
        var tasks = requests.Select(r => together.EncodeAsync(r)).ToArray();
        Assert.All(await Task.WhenAll(tasks), o => Assert.Equal(EncoderOutcome.Encoded, o));
        for (var i = 0; i < lengths.Length; i++)
        {
            var single = Customers.Request(alone.Model, i, lengths[i]);
            await alone.EncodeAsync(single);
            Customers.AssertClose(single.Result.State, requests[i].Result.State);
            Customers.AssertClose(single.Result.Probabilities, requests[i].Result.Probabilities);
        }
    }

    [OnnxFact]
    public async Task Thousands_of_customers_at_once_all_get_their_own_answers()
    {
        await using var pool = new TestPool(Gru, new InferenceOptions { Lanes = 3, BatchMax = 16, BatchWaitMs = 0.1 });
        var random = new Random(9);
        var requests = Enumerable.Range(0, 2_000).Select(i => Customers.Request(pool.Model, i, 1 + random.Next(20), (ulong)i + 1)).ToArray();
        var outcomes = await Task.WhenAll(requests.Select(r => pool.EncodeAsync(r)));
        Assert.All(outcomes, o => Assert.Equal(EncoderOutcome.Encoded, o));
        foreach (var request in requests.Where((_, i) => i % 97 == 0))
        {
            var state = new float[Gru.StateSize];
            for (var i = 0; i < request.EventCount; i++)
            {
                state = Gru.Step(state, request.Events.Slice(i * TokenLayout.Columns, TokenLayout.Columns));
            }

            Customers.AssertClose(state, request.Result.State);
        }
    }

    private static double Sum(ReadOnlySpan<float> numbers)
    {
        double sum = 0;
        foreach (var number in numbers)
        {
            sum += number;
        }

        return sum;
    }
}
