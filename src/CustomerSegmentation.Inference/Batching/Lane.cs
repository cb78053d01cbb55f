using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>A thread that takes batches from the pool's queue and runs them, until the queue is closed and empty.</summary>
internal sealed class Lane
{
    /// <summary>When this many requests fail alone one after the other, it is the model or the device that is broken, not one of the requests.</summary>
    private const int FailuresMax = 4;

    private readonly SessionPool _pool;
    private readonly SequenceRunner _runner;
    private readonly Batch _batch;
    private readonly Func<int, int> _run;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Lane(SessionPool pool, SequenceRunner runner, int batchMax, int number)
    {
        (_pool, _runner, _batch, _run) = (pool, runner, new Batch(batchMax), RunTogether);
        new Thread(Work) { IsBackground = true, Name = $"inference {pool.Model.Id} {number}" }.Start();
    }

    /// <summary>Ends when the queue is closed and empty and the last answer is on its way.</summary>
    public Task Ended => _ended.Task;

    private void Work()
    {
        while (_pool.Queue.Take(_batch))
        {
            var live = _batch.SetCancelledApart();
            if (live > 0)
            {
                _pool.Measure(_batch.OldestStamp, live, _run);
            }

            _pool.Deliver(_batch, live);
            _batch.Clear();
        }

        _runner.Dispose();
        _ended.SetResult();
    }

    private int RunTogether(int live)
    {
        try
        {
            return _runner.Run(_batch, 0, live);
        }
        catch (Exception e)
        {
            // Whatever a run throws, the lane lives on: its other batches have other inputs.
            _pool.LogFailure(e, live);
            if (live > 1)
            {
                return RunAlone(live, e.Message);
            }

            _batch.Set(0, EncoderOutcome.Failed, e.Message);
            return 0;
        }
    }

    /// <summary>Runs the requests of a failed batch one by one, so that one of them does not take the others with it.</summary>
    private int RunAlone(int live, string reason)
    {
        var (events, failures) = (0, 0);
        for (var i = 0; i < live; i++)
        {
            if (failures == FailuresMax)
            {
                _batch.Set(i, EncoderOutcome.Failed, reason);
                continue;
            }

            try
            {
                events += _runner.Run(_batch, i, 1);
                failures = 0;
            }
            catch (Exception e)
            {
                _batch.Set(i, EncoderOutcome.Failed, e.Message);
                failures++;
            }
        }

        return events;
    }
}
