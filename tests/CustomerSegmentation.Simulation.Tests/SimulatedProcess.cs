using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Embedded;
using CustomerSegmentation.Simulation.Tests.Clients;
using CustomerSegmentation.Simulation.Tests.Disk;
using CustomerSegmentation.Simulation.Tests.Encoders;
using CustomerSegmentation.Simulation.Tests.Scheduling;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Simulation.Tests;

/// <summary>The service as a process: it starts, answers calls, and dies at any moment with all that it had in memory.</summary>
internal sealed class SimulatedProcess
{
    private readonly SimulatedContext _context;
    private readonly SimulatedStorage _storage;
    private readonly SimulatedEncoder _encoder;
    private readonly SimulatedTextEncoder _texts;
    private readonly HashSet<Action> _calls = [];
    private readonly SimulatedDisk _disk;
    private EmbeddedEngine? _engine;
    private bool _closed;

    public SimulatedProcess(
        SimulatedScheduler scheduler, SimulatedDisk disk, SimulatedModels models, SimulatedTime time, EngineOptions options, int queueMax, ILoggerFactory loggers,
        Action<LiveEvent> onLive)
    {
        _disk = disk;
        _context = new SimulatedContext(scheduler);
        _storage = new SimulatedStorage(disk, _context, time, queueMax);
        disk.Reopen();
        _encoder = new SimulatedEncoder(models, _context, time);
        _texts = new SimulatedTextEncoder(models, _context, time);
        _context.Post(_ => _ = StartAsync(options, time, loggers, onLive), null);
    }

    public bool IsReady => _engine is not null && !IsDead && !_closed;

    /// <summary>It was told to stop: set at once, while the stop itself takes its turn.</summary>
    public bool IsStopping { get; set; }

    public bool IsDead => _context.IsDead;

    /// <summary>Calls the engine; the call fails when the process dies before it has answered, or the answer is lost.</summary>
    public Task<T> CallAsync<T>(Func<EmbeddedEngine, Task<T>> call)
    {
        var answer = new TaskCompletionSource<T>();
        if (!IsReady)
        {
            answer.SetException(new ConnectionLostException());
            return answer.Task;
        }
        void Lose() => answer.TrySetException(new ConnectionLostException());
        _calls.Add(Lose);
        _context.Post(_ => _ = AnswerAsync(), null);
        return answer.Task;

        async Task AnswerAsync()
        {
            try
            {
                var result = await call(_engine!);
                if (_disk.Chance(_disk.FaultRate))
                {
                    Lose();
                }
                answer.TrySetResult(result);
            }
            catch (Exception e)
            {
                answer.TrySetException(e);
            }
            _calls.Remove(Lose);
        }
    }

    public void Kill()
    {
        _context.Kill();
        _engine = null;
        foreach (var lose in _calls)
        {
            lose();
        }
        _calls.Clear();
    }

    /// <summary>
    /// Stops as SIGTERM does: takes no new calls, answers those under way, writes, and says so on the disk if nobody else has it open. If it could not
    /// write everything, it leaves without a word, and the next start looks.
    /// </summary>
    public async Task StopAsync(Func<bool> closesDisk)
    {
        await CallAsync(async engine =>
        {
            _closed = true;
            while (_calls.Count > 1)
            {
                await _context.Yield();
            }
            await engine.DisposeAsync();
            while (_storage.Journal.Fill > 0)
            {
                await _context.Yield();
            }
            if (engine.IsUpToDate && closesDisk())
            {
                await _storage.DisposeAsync();
            }
            return true;
        });
        Kill();
    }

    private async Task StartAsync(EngineOptions options, SimulatedTime time, ILoggerFactory loggers, Action<LiveEvent> onLive)
    {
        try
        {
            _engine = await EmbeddedEngine.StartAsync(_storage, options, time, loggers, TaskScheduler.FromCurrentSynchronizationContext(), _encoder, _texts);
            await foreach (var item in _engine.SubscribeAsync(CancellationToken.None))
            {
                onLive(item);
            }
        }
        catch (SimulatedFaultException)
        {
            // It could not start; whoever watches over processes starts another.
            Kill();
        }
    }
}
