using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Engine;
using CustomerSegmentation.Simulation.Tests.Checking;
using CustomerSegmentation.Simulation.Tests.Clients;
using CustomerSegmentation.Simulation.Tests.Disk;
using CustomerSegmentation.Simulation.Tests.Encoders;
using CustomerSegmentation.Simulation.Tests.Scheduling;

namespace CustomerSegmentation.Simulation.Tests;

/// <summary>One run of a shop under faults. Everything in it follows from the seed.</summary>
internal sealed class Simulation
{
    private const int StepsMax = 400_000;
    private const int ProcessesMax = 2;
    private static readonly TimeSpan ElapsedMax = TimeSpan.FromMinutes(40);

    private readonly Random _random;
    private readonly SimulatedScheduler _scheduler;
    private readonly SimulatedContext _outside;
    private readonly SimulatedTime _time = new();
    private readonly SimulatedDisk _disk;
    private readonly SimulatedModels _models;
    private readonly Ledger _ledger = new();
    private readonly ErrorLog _log = new();
    private readonly LiveCheck _live;
    private readonly EngineOptions _options;
    private readonly List<SimulatedProcess> _processes = [];
    private readonly double _crashChance;
    private readonly int _queueMax;
    private readonly bool _twoProcesses;
    private Exception? _liveError;
    private bool _atRest;

    private Simulation(int seed, DeliberateFault fault)
    {
        _random = new Random(seed);
        _scheduler = new SimulatedScheduler(new Random(_random.Next()));
        _outside = new SimulatedContext(_scheduler);
        _disk = new SimulatedDisk(new Random(_random.Next()), fault) { FaultRate = Pick(0, 0.01, 0.05) };
        _models = new SimulatedModels(new Random(_random.Next()), fault, Pick(0, 0.05, 0.3));
        _live = new LiveCheck(_disk);
        _crashChance = Pick(0, 0.0005, 0.003);
        _queueMax = _random.Next(3) == 0 ? _random.Next(1, 4) : 1_000;
        _twoProcesses = _random.Next(3) == 0;
        _options = new EngineOptions
        {
            ActiveCustomersMax = _random.Next(3) == 0 ? _random.Next(6, 10) : 1_000,
            IdleSeconds = 2,
            WaitingTurnsMax = _random.Next(4) == 0 ? 2 : 1_000,
            CheckpointMs = _random.Next(100, 3_000),
            CheckpointBatchMax = _random.Next(1, 8),
            TickMs = 100,
            HistoricalAfterHours = 1e5,
            ScheduleSegmentations = false,
        };
        _options.Segmentation.DegreeOfParallelism = 1;
    }

    /// <summary>Steps that the run took.</summary>
    public int Steps => _scheduler.Steps;

    /// <summary>What was published and checked.</summary>
    public int Published => _live.Published;

    /// <summary>Events that were acknowledged.</summary>
    public int Acknowledged => _ledger.Messages.Count(m => m.Acknowledged);

    /// <exception cref="ViolationException">An invariant does not hold.</exception>
    public static Simulation Run(int seed, DeliberateFault fault = DeliberateFault.None)
    {
        var before = SynchronizationContext.Current;
        try
        {
            var simulation = new Simulation(seed, fault);
            simulation.Run();
            return simulation;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private void Run()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        Task? shop = null;
        _outside.Post(_ => shop = RunShopAsync(), null);
        while (shop is not { IsCompleted: true })
        {
            // Time passes under load; at rest it waits for all work, else a long wait of the shop could end before a process has taken one step.
            if (!_scheduler.Step() || (!_atRest && _random.Next(100) == 0))
            {
                _time.Advance();
            }
            Require(_liveError is null, () => "", _liveError);
            Require(_scheduler.Escape is null, () => $"work left the thread: {_scheduler.Escape}");
            Require(_log.Unexpected is null, () => $"an error was logged: {_log.Unexpected}");
            Require(_scheduler.Steps < StepsMax && _time.Elapsed < ElapsedMax, () => "the run does not come to rest");
            if (!_atRest)
            {
                Disturb();
            }
        }
        shop.GetAwaiter().GetResult();
    }

    private static void Require(bool holds, Func<string> what, Exception? because = null)
    {
        if (!holds)
        {
            throw because as ViolationException ?? new ViolationException(Invariant.Orderly, what());
        }
    }

    /// <summary>Between any two steps a process may die, stop or start, and the wall clock may jump.</summary>
    private void Disturb()
    {
        _processes.RemoveAll(p => p.IsDead);
        if (_processes.Count == 0 || (_twoProcesses && _processes.Count < ProcessesMax && _disk.Chance(0.001)))
        {
            Start();
        }
        if (_disk.Chance(_crashChance))
        {
            Pick([.. _processes]).Kill();
        }
        if (_disk.Chance(_crashChance / 4))
        {
            var stopped = Pick([.. _processes]);
            stopped.IsStopping = true;
            _outside.Post(_ => _ = StopAsync(stopped), null);
        }
        if (_disk.Chance(0.0005))
        {
            _time.JumpWallClock(TimeSpan.FromSeconds(_random.Next(-3_600, 3_600)));
        }
        if (_models.Chance(_models.FaultRate / 200))
        {
            _models.Switch();
        }
    }

    private async Task StopAsync(SimulatedProcess process)
    {
        try
        {
            await process.StopAsync(closesDisk: () => _processes.TrueForAll(p => p == process || p.IsDead));
        }
        catch (ConnectionLostException)
        {
            // It died before it had stopped.
        }
    }

    private SimulatedProcess Start()
    {
        var process = new SimulatedProcess(_scheduler, _disk, _models, _time, _options, _queueMax, _log, OnLive);
        _processes.Add(process);
        return process;
    }

    private void OnLive(LiveEvent item)
    {
        try
        {
            _live.Observe(item);
        }
        catch (ViolationException e)
        {
            _liveError ??= e;
        }
    }

    private SimulatedProcess? PickReady()
    {
        var ready = _processes.Where(p => p.IsReady).ToArray();
        return ready.Length == 0 ? null : Pick(ready);
    }

    private async Task RunShopAsync()
    {
        await DefineAudiencesAsync();
        var reads = new ReadCheck(_ledger, _twoProcesses);
        var clients = Enumerable.Range(0, _random.Next(1, 5)).Select(i =>
            new SimulatedClient($"client{i}", new Random(_random.Next()), _time, _ledger, reads, PickReady).RunAsync(_random.Next(5, 40))).ToList();
        await Task.WhenAll(clients);

        _atRest = true;
        _disk.FaultRate = 0;
        _models.ComeToRest();
        _time.JumpWallClock(TimeSpan.FromDays(2));
        if (_twoProcesses || PickReady() is not { IsStopping: false })
        {
            // Of two processes each believes what it saw last; one alone has to know everything.
            _processes.ForEach(p => p.Kill());
            await StartAloneAsync();
        }
        await CheckAsync();
        _processes.ForEach(p => p.Kill());
        await StartAloneAsync();
        await CheckAsync();
    }

    private async Task DefineAudiencesAsync()
    {
        for (var orders = 1; orders <= LiveCheck.OrdersMax; orders++)
        {
            await _disk.Storage.Audiences.SaveAsync(
                new(LiveCheck.Key(orders), $"{orders} orders", LiveCheck.Rule(orders), 1, _time.WallMs));
        }
    }

    private async Task StartAloneAsync()
    {
        _processes.Clear();
        var process = Start();
        while (!process.IsReady)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), _time);
        }
    }

    private async Task CheckAsync()
    {
        var process = PickReady()!;

        // Whoever waits for the encoder is due a minute later.
        await Task.Delay(TimeSpan.FromSeconds(150), _time);
        await process.CallAsync(async engine =>
        {
            await engine.FlushAsync();
            return true;
        });
        var check = new FinalCheck(_disk, _ledger, new EncodingCheck(_models), _twoProcesses);
        await check.RunAsync();
        var segments = await process.CallAsync(engine => engine.GetSegmentsAsync());
        await check.CheckSegmentsAsync(segments);
        foreach (var segment in segments.Segments)
        {
            await check.CheckSegmentAsync(segment.Key, await process.CallAsync(engine => engine.Segment(segment.Key).GetAsync()));
        }
    }
}
