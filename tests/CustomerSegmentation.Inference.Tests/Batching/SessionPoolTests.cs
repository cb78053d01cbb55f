using System.Diagnostics.Metrics;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Batching;

/// <summary>What happens around a run: load, order, cancellation, faults, the end.</summary>
public sealed class SessionPoolTests
{
    private static readonly GruModel Gru = new(5);

    [OnnxFact]
    public async Task Request_beyond_the_queue_is_busy_and_the_others_are_answered()
    {
        await using var pool = new TestPool(Gru, new InferenceOptions { Lanes = 1, QueueMax = 3 }, new ManualTime());
        var waiting = Enumerable.Range(0, 3).Select(i => pool.EncodeAsync(Customers.Request(pool.Model, i, 1))).ToArray();
        Assert.Equal(EncoderOutcome.Busy, await pool.EncodeAsync(Customers.Request(pool.Model, 9, 1)));
        await pool.Pool.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting), o => Assert.Equal(EncoderOutcome.Encoded, o));
    }

    [OnnxFact]
    public async Task Cancelled_request_ends_as_cancelled_and_the_others_of_its_batch_are_answered()
    {
        await using var pool = new TestPool(Gru, new InferenceOptions { Lanes = 1, BatchMax = 3 }, new ManualTime());
        using var cancellation = new CancellationTokenSource();
        var requests = Enumerable.Range(0, 3).Select(i => Customers.Request(pool.Model, i, 2)).ToArray();
        var first = pool.EncodeAsync(requests[0], cancellation.Token);
        var second = pool.EncodeAsync(requests[1]);
        cancellation.Cancel();
        Assert.False(first.IsCompleted);
        Assert.Equal(EncoderOutcome.Encoded, await pool.EncodeAsync(requests[2]));
        Assert.Equal(EncoderOutcome.Encoded, await second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        requests[0].Begin(pool.Model, 0);
    }

    [OnnxFact]
    public async Task Requests_of_one_customer_end_in_the_order_of_their_coming()
    {
        // The first waits until all are awaited: who begins to await an answer that is just given is told of it on another thread, out of order.
        await using var pool = new TestPool(Gru, new InferenceOptions { Lanes = 4, BatchMax = 4, BatchWaitMs = 200 });
        var ended = new List<int>();
        var tasks = Enumerable.Range(0, 200).Select(async i =>
        {
            // Lengths differ, so that without the order short ones would overtake. Seen where the answer is given: a test's context would shuffle it.
            var request = Customers.Request(pool.Model, i, i % 2 == 0 ? 200 : 1, 77);
            Assert.Equal(EncoderOutcome.Encoded, await pool.Pool.EncodeAsync(request, CancellationToken.None).ConfigureAwait(false));
            lock (ended)
            {
                ended.Add(i);
            }
        }).ToArray();
        await Task.WhenAll(tasks);
        Assert.Equal(Enumerable.Range(0, 200), ended);
    }

    [OnnxFact]
    public async Task Next_request_of_a_customer_may_be_sent_from_the_answer_to_the_one_before()
    {
        await using var pool = new TestPool(Gru);
        var request = Customers.Request(pool.Model, 1, 1, 5);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(EncoderOutcome.Encoded, await pool.Pool.EncodeAsync(request, CancellationToken.None).ConfigureAwait(false));
            request.Begin(pool.Model, 5);
            request.Add(Customers.Tokens(i, 1));
        }
    }

    [OnnxTheory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task Feature_that_is_not_finite_is_refused_by_its_number(float value)
    {
        await using var pool = new TestPool(Gru);
        var request = Customers.Request(pool.Model, 1, 1);
        request.Features[7] = value;
        Assert.Equal(EncoderOutcome.Refused, await pool.EncodeAsync(request));
        Assert.Equal("Feature 7 is not finite.", request.Reason);
    }

    [OnnxFact]
    public async Task State_that_is_not_finite_is_refused()
    {
        await using var pool = new TestPool(Gru);
        var request = new EncoderRequest();
        request.Begin(pool.Model, 0);
        request.Continue([1, 2, 3, float.NaN, 5, 6, 7, 8], 0);
        request.Add(Customers.Tokens(1, 1));
        Assert.Equal(EncoderOutcome.Refused, await pool.EncodeAsync(request));
        Assert.Contains("state", request.Reason);
    }

    [OnnxFact]
    public async Task Request_without_events_is_refused()
    {
        await using var pool = new TestPool(Gru);
        var request = Customers.Request(pool.Model, 1, 0);
        Assert.Equal(EncoderOutcome.Refused, await pool.EncodeAsync(request));
        Assert.Contains("no event", request.Reason);
    }

    [OnnxTheory]
    [InlineData(0, 21f)]
    [InlineData(1, -1f)]
    [InlineData(3, 2.5f)]
    [InlineData(6, 256f)]
    [InlineData(8, 7f)]
    public async Task Row_with_a_value_that_its_column_lacks_is_refused(int column, float value)
    {
        await using var pool = new TestPool(Gru);
        var request = Customers.Request(pool.Model, 1, 1);
        Span<float> row = stackalloc float[TokenLayout.Columns];
        row[column] = value;
        request.AddRows(row);
        Assert.Equal(EncoderOutcome.Refused, await pool.EncodeAsync(request));
        Assert.Contains($"event 1: {TokenLayout.Names[column]}", request.Reason);
    }

    [OnnxFact]
    public async Task Answer_that_is_not_finite_fails_its_own_request_only()
    {
        await using var pool = new TestPool(new GruModel(5) { DividesByFirstFeature = true }, new InferenceOptions { Lanes = 1, BatchMax = 2 }, new ManualTime());
        var bad = Customers.Request(pool.Model, 1, 1);
        bad.Features[0] = 0;
        var failed = pool.EncodeAsync(bad);
        Assert.Equal(EncoderOutcome.Encoded, await pool.EncodeAsync(Customers.Request(pool.Model, 2, 1)));
        Assert.Equal(EncoderOutcome.Failed, await failed);
        Assert.Contains("not finite", bad.Reason);
    }

    [OnnxFact]
    public async Task Request_that_makes_its_run_fail_does_not_take_the_others_of_its_batch_with_it()
    {
        await using var pool = new TestPool(new GruModel(5) { LooksUpSecondFeature = true }, new InferenceOptions { Lanes = 1, BatchMax = 3 }, new ManualTime());
        var requests = Enumerable.Range(0, 3).Select(i => Customers.Request(pool.Model, i, 1)).ToArray();
        requests[1].Features[1] = 4;
        Assert.Equal(
            [EncoderOutcome.Encoded, EncoderOutcome.Failed, EncoderOutcome.Encoded], await Task.WhenAll(requests.Select(r => pool.EncodeAsync(r))));
        Assert.Contains("Running test 1 on inputs [1, 1, 11]", requests[1].Reason);
        Assert.True(requests[2].Result.Probabilities[0] > 0);
    }

    [OnnxFact]
    public async Task Lane_goes_on_after_runs_that_fail()
    {
        await using var pool = new TestPool(new GruModel(5) { LooksUpSecondFeature = true }, new InferenceOptions { Lanes = 1, BatchMax = 16 }, new ManualTime());
        var requests = Enumerable.Range(0, 16).Select(i => Customers.Request(pool.Model, i, 1)).ToArray();
        Assert.All(requests, r => r.Features[1] = 9);
        Assert.All(await Task.WhenAll(requests.Select(r => pool.EncodeAsync(r))), o => Assert.Equal(EncoderOutcome.Failed, o));
        Assert.All(requests, r => r.Features[1] = 1);
        Assert.All(await Task.WhenAll(requests.Select(r => pool.EncodeAsync(r))), o => Assert.Equal(EncoderOutcome.Encoded, o));
    }

    [OnnxFact]
    public async Task Stop_answers_what_waits_and_turns_away_what_comes()
    {
        var pool = new TestPool(Gru, new InferenceOptions { Lanes = 2 }, new ManualTime());
        var waiting = Enumerable.Range(0, 50).Select(i => pool.EncodeAsync(Customers.Request(pool.Model, i, 1 + (i % 5), (ulong)(i % 7)))).ToArray();
        await pool.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting), o => Assert.Equal(EncoderOutcome.Encoded, o));
        Assert.Equal(EncoderOutcome.OtherModel, await pool.EncodeAsync(Customers.Request(pool.Model, 1, 1)));
    }

    [OnnxFact]
    public async Task Request_that_is_under_way_cannot_be_sent_or_begun_again()
    {
        var pool = new TestPool(Gru, new InferenceOptions { Lanes = 1 }, new ManualTime());
        var request = Customers.Request(pool.Model, 1, 1);
        var task = pool.EncodeAsync(request);
        Assert.Throws<InvalidOperationException>(() => { _ = pool.EncodeAsync(request); });
        Assert.Throws<InvalidOperationException>(() => request.Begin(pool.Model, 0));
        await pool.DisposeAsync();
        Assert.Equal(EncoderOutcome.Encoded, await task);
    }

    [OnnxFact]
    public async Task Runs_and_outcomes_are_measured()
    {
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == InferenceMetrics.MeterName)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        void Note(Instrument instrument, double value)
        {
            lock (measured)
            {
                measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value;
            }
        }

        listener.SetMeasurementEventCallback<long>((i, value, _, _) => Note(i, value));
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => Note(i, value));
        listener.SetMeasurementEventCallback<double>((i, _, _, _) => Note(i, 1));
        listener.Start();
        await using (var pool = new TestPool(Gru))
        {
            await pool.EncodeAsync(Customers.Request(pool.Model, 1, 3));
            await pool.EncodeAsync(Customers.Request(pool.Model, 1, 0));
        }

        // Other tests run beside this one under the same meter.
        Assert.True(measured["segmentation.inference.requests"] >= 2);
        Assert.True(measured["segmentation.inference.events"] >= 3);
        Assert.True(measured["segmentation.inference.batch.size"] >= 1);
        Assert.True(measured["segmentation.inference.run.duration"] >= 1);
        Assert.True(measured["segmentation.inference.wait.duration"] >= 1);
    }
}
