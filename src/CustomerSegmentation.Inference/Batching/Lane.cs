namespace CustomerSegmentation.Inference.Batching;

/// <summary>A thread that takes batches from the pool's queue and runs them, until the queue is closed and empty.</summary>
internal sealed class Lane
{
    /// <summary>When this many requests fail alone one after the other, it is the model or the device that is broken, not one of the requests.</summary>
    private const int FailuresMax = 4;

    private readonly SessionPool _pool;
    private readonly int _number;
    private readonly Func<Batch, int> _run;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="pool">Whose batches it runs.</param>
    /// <param name="number">Its number in the pool, from 1 on.</param>
    public Lane(SessionPool pool, int number)
    {
        (_pool, _number, _run) = (pool, number, RunTogether);
        new Thread(Work) { IsBackground = true, Name = $"inference {pool.Model.Id} {number}" }.Start();
    }

    /// <summary>Ends when the queue is closed and empty and the last answer is on its way.</summary>
    public Task Ended => _ended.Task;

    private void Work()
    {
        BatchQueue.EnterLane(_number);
        using var bell = new AutoResetEvent(false);
        while (_pool.Queue.Take(bell) is { } batch)
        {
            batch.Settle();
            if (batch.Live > 0)
            {
                _pool.Measure(batch, _run);
            }

            _pool.Deliver(batch);
        }

        _ended.SetResult();
    }

    private int RunTogether(Batch batch)
    {
        try
        {
            return batch.Run();
        }
        catch (Exception e)
        {
            // Whatever a run throws, the lane lives on: its other batches have other inputs.
            _pool.LogFailure(e, batch.Live);
            if (batch.Live > 1)
            {
                return RunAlone(batch, e.Message);
            }

            batch.Fail(0, e.Message);
            return 0;
        }
    }

    /// <summary>Runs the requests of a failed batch one by one, so that one of them does not take the others with it.</summary>
    private static int RunAlone(Batch batch, string reason)
    {
        var (events, failures) = (0, 0);
        for (var i = 0; i < batch.Live; i++)
        {
            if (failures == FailuresMax)
            {
                batch.Fail(i, reason);
                continue;
            }

            try
            {
                events += batch.RunAlone(i);
                failures = 0;
            }
            catch (Exception e)
            {
                batch.Fail(i, e.Message);
                failures++;
            }
        }

        return events;
    }
}
