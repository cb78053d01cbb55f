using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Engine.Live;
using CustomerSegmentation.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Encoders;

/// <summary>
/// Has customers' events read by the encoder, outside of their turns. A customer waits here once, however much comes; a bounded number is on its way. While
/// the encoder takes nothing, customers wait and events are taken all the same. What does not fit is not lost: a customer who is behind is due in the
/// profile index, so the sweep of due customers wakes it.
/// </summary>
internal sealed class EncodingQueue(
    CustomerTurns turns, IEncoder encoder, EffectPublisher effects, EncodingOptions options, TimeProvider timeProvider, TaskScheduler? scheduler, ILogger logger)
    : IReadingQueues
{
    private const int PauseMsMin = 50;

    private readonly Lock _gate = new();
    private readonly List<string> _seen = [];
    private readonly Queue<string> _waiting = new();
    private readonly HashSet<string> _queued = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource? _stopped;
    private int _drivers;
    private long _pausedAt;
    private int _pauseMs;
    private string? _reason;

    /// <summary>What was read.</summary>
    public ReadingMeter Meter { get; } = new(timeProvider);

    /// <summary>Customers that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Why the encoder is not asked at the moment; null while it is.</summary>
    public string? Paused
    {
        get
        {
            lock (_gate)
            {
                // Whether a pause helped shows with the next customer; without one there is nothing to tell.
                return IsPaused() || _waiting.Count > 0 ? _reason : null;
            }
        }
    }

    /// <inheritdoc/>
    public int Fullest => Count;

    /// <inheritdoc/>
    public ReadingStatus Status => new(Count, Paused, Meter.Kept, Meter.PerSecond, Meter.Refused);

    /// <inheritdoc/>
    public ValueTask<bool> TakeOtherModelAsync(string model) => new(TakeOtherModel(model));

    /// <inheritdoc cref="TakeOtherModelAsync"/>
    public bool TakeOtherModel(string model)
    {
        lock (_gate)
        {
            var other = _seen.Exists(seen => seen != model);
            _seen.Clear();
            return other;
        }
    }

    /// <summary>Takes note of the model that is current now, for <see cref="TakeOtherModelAsync"/>.</summary>
    public void See()
    {
        var model = encoder.Model?.Id ?? "";
        lock (_gate)
        {
            if (!_seen.Contains(model))
            {
                _seen.Add(model);
            }
        }
    }

    /// <summary>Queues a customer whose actor has something to be read. Call inside the turn.</summary>
    public void Schedule(CustomerCell cell) => Enqueue(cell.CustomerId);

    /// <summary>Takes the work up after a pause, and, without a scheduler, at all: one round of the background work.</summary>
    public void Pump()
    {
        for (var i = Math.Min(Count, options.InFlightMax); i > 0; i--)
        {
            StartDriver();
        }
    }

    /// <summary>Ends what is on its way; what waits is found again after the next start.</summary>
    public async Task StopAsync()
    {
        lock (_gate)
        {
            if (_stopped is not null)
            {
                return;
            }
            _stopped = new TaskCompletionSource();
            if (_drivers == 0)
            {
                _stopped.SetResult();
            }
        }
        _stop.Cancel();
        await _stopped.Task;
        _stop.Dispose();
    }

    private void Enqueue(string customerId)
    {
        lock (_gate)
        {
            if (_stopped is not null || _queued.Count >= options.QueueMax || !_queued.Add(customerId))
            {
                return;
            }
            _waiting.Enqueue(customerId);
        }
        if (scheduler is not null)
        {
            StartDriver();
        }
    }

    private void StartDriver()
    {
        lock (_gate)
        {
            if (_stopped is not null || _waiting.Count == 0 || _drivers >= options.InFlightMax || IsPaused())
            {
                return;
            }
            _drivers++;
        }
        _ = scheduler is null
            ? DriveAsync()
            : Task.Factory.StartNew(DriveAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }

    /// <summary>One customer after the other until none waits. Never throws.</summary>
    private async Task DriveAsync()
    {
        while (Take() is { } customerId)
        {
            try
            {
                await EncodeAsync(customerId);
            }
            catch (Exception e)
            {
                if (!_stop.IsCancellationRequested)
                {
                    EngineLog.EncodingFailed(logger, customerId, e);
                    Pause("the customer could not be loaded");

                    // Asleep and perhaps not due: nobody else would find it.
                    Enqueue(customerId);
                }
            }
        }
    }

    private string? Take()
    {
        lock (_gate)
        {
            if (_stopped is null && !IsPaused() && _waiting.TryDequeue(out var customerId))
            {
                _queued.Remove(customerId);
                return customerId;
            }
            if (--_drivers == 0)
            {
                _stopped?.TrySetResult();
            }
            return null;
        }
    }

    private async Task EncodeAsync(string customerId)
    {
        if (await turns.EnterAsync(customerId, _stop.Token) is not { } cell)
        {
            // No room in memory: the customer is asleep or busy, and due.
            return;
        }
        CustomerActor actor;
        EncoderRequest? request;
        JournalAppend? append;
        try
        {
            See();
            if (cell.Erased || (request = cell.Actor!.TryBeginEncoding()) is null)
            {
                return;
            }
            actor = cell.Actor;
            append = actor.LastAppend;
        }
        finally
        {
            turns.Exit(cell);
        }
        var outcome = await RunAsync(request);
        var committed = await turns.CommittedAsync(cell, actor, append);
        if (!cell.TryEnter())
        {
            await cell.EnterAsync(int.MaxValue);
        }
        try
        {
            if (!cell.Removed && ReferenceEquals(cell.Actor, actor))
            {
                if (actor.EndEncoding(request, committed ? outcome : null))
                {
                    Meter.AddKept();
                }
                else if (outcome is EncoderOutcome.Refused)
                {
                    Meter.AddRefused();
                }
                See();
                if (actor.HasEffects)
                {
                    effects.Publish(actor);
                }
            }
            else
            {
                // It left memory meanwhile, perhaps with nothing to write, so that nobody else would find it.
                Enqueue(customerId);
            }
        }
        finally
        {
            // Whoever has more to be read is queued again here.
            turns.Exit(cell);
            encoder.Return(request);
        }
    }

    private async Task<EncoderOutcome?> RunAsync(EncoderRequest request)
    {
        EncoderOutcome outcome;
        try
        {
            outcome = await encoder.EncodeAsync(request, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        if (outcome is EncoderOutcome.Busy or EncoderOutcome.Unavailable or EncoderOutcome.Failed)
        {
            Pause(request.Reason ?? (outcome == EncoderOutcome.Busy ? "the encoder has too much to do" : "the encoder is away"));
        }
        else
        {
            Resume();
        }
        return outcome;
    }

    private void Pause(string reason)
    {
        lock (_gate)
        {
            if (IsPaused())
            {
                return;
            }
            if (_reason is null)
            {
                EngineLog.EncodingPaused(logger, reason);
            }
            _reason = reason;
            _pauseMs = Math.Clamp(_pauseMs * 2, PauseMsMin, options.PauseMsMax);
            _pausedAt = timeProvider.GetTimestamp();
        }
    }

    private void Resume()
    {
        lock (_gate)
        {
            if (_reason is not null && !IsPaused())
            {
                EngineLog.EncodingResumed(logger);
                _reason = null;
                _pauseMs = 0;
            }
        }
    }

    private bool IsPaused() => _pauseMs > 0 && timeProvider.GetElapsedTime(_pausedAt).TotalMilliseconds < _pauseMs;
}
