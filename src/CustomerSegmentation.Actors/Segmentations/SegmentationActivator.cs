using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Puts versions in force and re-assigns everybody to them, one version at a time.</summary>
internal sealed class SegmentationActivator(SegmentationPorts ports, SegmentationOptions options, SegmentationArchive archive)
{
    private static readonly TimeSpan RetryFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryLongest = TimeSpan.FromMinutes(1);

    private readonly Reassignment _reassignment = new(ports, options);
    private readonly SemaphoreSlim _activating = new(1, 1);
    private readonly Lock _gate = new();
    private SegmentationWork? _assigning;
    private bool _stopped;

    /// <summary>The re-assignment at work, or null.</summary>
    public SegmentationWork? Assigning
    {
        get
        {
            lock (_gate)
            {
                return _assigning;
            }
        }
    }

    /// <summary>Puts a fitted version in force and begins to re-assign everybody; a re-assignment at work ends first.</summary>
    public async Task ActivateAsync(SegmentationState state, CancellationToken cancellationToken)
    {
        await _activating.WaitAsync(cancellationToken);
        try
        {
            if (Assigning is { } running)
            {
                running.Cancel();
                await running.Ended;
            }

            var before = await ports.Segmentations.GetActiveAsync(cancellationToken);
            var active = await ports.Segmentations.SetActiveAsync(state.Version, ports.Clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
            ports.Active.Activate(new ActivatedSegmentation(state.Fitted!, active.Activation));
            Begin(state, active, before is null || before.Version == state.Version ? null : before.Version);
        }
        finally
        {
            _activating.Release();
        }
    }

    /// <summary>Goes on with a re-assignment that a stop interrupted; the version is in force already.</summary>
    public void Resume(SegmentationState state, ActiveSegmentation active) => Begin(state, active, replaces: null);

    /// <summary>Ends a re-assignment at work, for the next start to resume, and waits for it.</summary>
    public async Task StopAsync()
    {
        SegmentationWork? running;
        lock (_gate)
        {
            _stopped = true;
            running = _assigning;
        }

        running?.Cancel();
        await (running?.Ended ?? Task.CompletedTask);
    }

    private void Begin(SegmentationState state, ActiveSegmentation active, int? replaces)
    {
        var work = new SegmentationWork(ports.Publish) { Replaces = replaces };
        lock (_gate)
        {
            _assigning = work;
            if (_stopped)
            {
                work.Cancel();
            }
        }

        work.Begin(
            state with
            {
                Status = SegmentationStatus.Activating,
                Step = SegmentationSteps.Assigning,
                Activation = active.Activation,
                ActivatedAtMs = active.AtMs,
                Error = null,
            },
            SegmentationBuilder.AssigningFrom);
        ports.RunInBackground(() => AssignAsync(work));
    }

    /// <summary>Re-assigns everybody; tries again for as long as the storage is away.</summary>
    private async Task AssignAsync(SegmentationWork work)
    {
        var retry = RetryFirst;
        try
        {
            while (!await TryAssignAsync(work))
            {
                await Task.Delay(retry, ports.Clock, work.Token);
                retry = retry * 2 < RetryLongest ? retry * 2 : RetryLongest;
            }
        }
        catch (OperationCanceledException) when (work.Token.IsCancellationRequested)
        {
            // Another activation took over, or the service stops: then the next start goes on.
        }
        finally
        {
            Leave(work);
        }
    }

    private async Task<bool> TryAssignAsync(SegmentationWork work)
    {
        try
        {
            await archive.SaveAsync(work.State!);
            await DemoteAsync(work.Replaces);
            await _reassignment.RunAsync(
                work.State!.Fitted!,
                work.State.Activation,
                part => work.Advance(
                    SegmentationSteps.Assigning, SegmentationBuilder.AssigningFrom + (part * (1 - SegmentationBuilder.AssigningFrom))),
                work.Token);
            await archive.SaveAsync(work.State with { Status = SegmentationStatus.Active, Step = SegmentationSteps.Done, Error = null });
            work.TryChange(
                state => state with { Status = SegmentationStatus.Active, Step = SegmentationSteps.Done, Error = null }, progress: 1);
            return true;
        }
        catch (OperationCanceledException) when (work.Token.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            work.TryChange(state => state with { Error = $"{exception.GetType().Name}: {exception.Message}; trying again." });
            return false;
        }
    }

    private async Task DemoteAsync(int? version)
    {
        if (version is { } replaced
            && await archive.LoadAsync(replaced, CancellationToken.None)
                is { Status: SegmentationStatus.Active or SegmentationStatus.Activating } state)
        {
            await archive.SaveAsync(state with { Status = SegmentationStatus.Ready, Step = SegmentationSteps.Done });
        }
    }

    private void Leave(SegmentationWork work)
    {
        lock (_gate)
        {
            _assigning = ReferenceEquals(_assigning, work) ? null : _assigning;
        }

        work.End();
    }
}
