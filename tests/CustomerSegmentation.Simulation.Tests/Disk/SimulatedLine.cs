using CustomerSegmentation.Simulation.Tests.Scheduling;

namespace CustomerSegmentation.Simulation.Tests.Disk;

/// <summary>The way to the disk and back.</summary>
internal sealed class SimulatedLine(SimulatedDisk disk, SimulatedContext context, SimulatedTime time)
{
    private const double SlowChance = 0.05;
    private const int SlowMsMax = 3_000;

    /// <summary>Takes a while: other work comes between, now and then seconds pass.</summary>
    public async Task WaitAsync()
    {
        if (disk.Chance(SlowChance))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(disk.Random.Next(1, SlowMsMax)), time);
        }
        await context.Yield();
    }

    /// <summary>An operation that may fail before it is done, or whose answer may be lost after it is done.</summary>
    public async Task<T> DoAsync<T>(string what, Func<Task<T>> operation)
    {
        await WaitAsync();
        if (disk.Chance(disk.FaultRate))
        {
            throw new SimulatedFaultException($"{what} failed");
        }
        var result = await operation();
        await WaitAsync();
        return disk.Chance(disk.FaultRate) ? throw new SimulatedFaultException($"the answer to {what} was lost") : result;
    }
}
