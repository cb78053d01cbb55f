using System.Globalization;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>
/// Re-clusters everybody and keeps the versions. Safe for concurrent calls; the long work runs where <see cref="SegmentationPorts.RunInBackground"/> puts it.
/// One fit and one re-assignment at most are at work; an activation ends a running re-assignment and takes its place.
/// </summary>
public sealed class SegmentationCoordinator : ISegmentationCoordinator
{
    private const int SegmentsMin = 2;
    private const int PageMax = 500;
    private static readonly TimeSpan RetryFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryLongest = TimeSpan.FromMinutes(1);

    private readonly SegmentationPorts _ports;
    private readonly SegmentationArchive _archive;
    private readonly SegmentationBuilder _builder;
    private readonly Reassignment _reassignment;
    private readonly SemaphoreSlim _activating = new(1, 1);
    private readonly Lock _gate = new();
    private SegmentationWork? _fitting;
    private SegmentationWork? _assigning;
    private bool _stopped;

    public SegmentationCoordinator(SegmentationPorts ports, SegmentationOptions options)
    {
        ArgumentNullException.ThrowIfNull(ports);
        ArgumentNullException.ThrowIfNull(options);
        _ports = ports;
        _archive = new SegmentationArchive(ports.Segmentations);
        _builder = new SegmentationBuilder(ports, options, _archive);
        _reassignment = new Reassignment(ports, options);
    }

    private long NowMs => _ports.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// To be called once before other calls: puts the active version in force, goes on with an interrupted re-assignment in the background, and marks interrupted
    /// re-clusterings failed. A version of another feature schema is not put in force.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken = default)
    {
        var active = await _ports.Segmentations.GetActiveAsync(cancellationToken);
        await foreach (var state in _archive.AllAsync())
        {
            if (active is not null && state.Version == active.Version && state.Fitted is { } fitted)
            {
                RecoverActive(state, fitted, active);
            }
            else if (state.Status == SegmentationStatus.Running)
            {
                await _archive.SaveAsync(state with
                {
                    Status = SegmentationStatus.Failed, FinishedAtMs = NowMs, Error = "Interrupted: the service stopped while it ran.",
                });
            }
            else if (state.Status is SegmentationStatus.Active or SegmentationStatus.Activating)
            {
                await _archive.SaveAsync(state with { Status = SegmentationStatus.Ready, Step = SegmentationSteps.Done });
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A number of segments is out of range.</exception>
    /// <exception cref="InvalidOperationException">The coordinator was stopped.</exception>
    public async Task<SegmentationView> StartAsync(SegmentationRequest request, CancellationToken cancellationToken = default)
    {
        Validate(request);
        while (true)
        {
            var work = new SegmentationWork(_ports.Publish);
            var running = Occupy(work);
            if (running is null)
            {
                return await BeginAsync(work, request, cancellationToken);
            }

            await running.Begun.WaitAsync(cancellationToken);
            if (running.State is { } state && !SegmentationViews.IsFinal(state.Status))
            {
                return SegmentationViews.Of(state, running.View!.Progress, alreadyRunning: true);
            }

            await running.Ended.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<SegmentationView?> GetAsync(int version, CancellationToken cancellationToken = default)
    {
        if (AtWork(version)?.View is { } view)
        {
            return view;
        }

        return await _archive.LoadAsync(version, cancellationToken) is { } state ? View(state) : null;
    }

    /// <inheritdoc/>
    public async Task<SegmentationView?> GetCurrentAsync(CancellationToken cancellationToken = default)
    {
        var version = _ports.Active.Current?.Segmentation.Version
            ?? (await _ports.Segmentations.GetActiveAsync(cancellationToken))?.Version;
        return version is null ? null : await GetAsync(version.Value, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The cursor is not one that this method gave.</exception>
    public async Task<Page<SegmentationView>> ListAsync(string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        var before = int.MaxValue;
        if (cursor is not null && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            throw new FormatException("The cursor is not one that a list of segmentations gave.");
        }

        limit = Math.Clamp(limit, 1, PageMax);
        var states = await _archive.ListAsync(before, limit + 1, cancellationToken);
        var more = states.Count > limit;
        return new Page<SegmentationView>
        {
            Items = [.. states.Take(limit).Select(state => AtWork(state.Version)?.View ?? View(state))],
            Next = more ? states[limit - 1].Version.ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    /// <inheritdoc/>
    public async Task<SegmentationView?> ActivateAsync(int version, CancellationToken cancellationToken = default)
    {
        var state = AtWork(version)?.State ?? await _archive.LoadAsync(version, cancellationToken);
        if (state is null)
        {
            return null;
        }

        ThrowUnlessActivatable(state);
        await ActivateCoreAsync(state, cancellationToken);
        return await GetAsync(version, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A fit is given up: the version is cancelled. While customers are being re-assigned, the version that was active before is activated again; the first
    /// version ever has none before it and goes on.
    /// </remarks>
    public async Task<SegmentationView?> CancelAsync(int version, CancellationToken cancellationToken = default)
    {
        SegmentationWork? fitting;
        SegmentationWork? assigning;
        lock (_gate)
        {
            (fitting, assigning) = (_fitting, _assigning);
        }

        if (fitting?.State?.Version == version
            && fitting.TryChange(state => state with { Status = SegmentationStatus.Cancelled, FinishedAtMs = NowMs }))
        {
            fitting.Cancel();
            await _archive.SaveOrKeepAsync(fitting.State!);
            return SegmentationViews.Of(fitting.State!, fitting.View!.Progress);
        }

        if (assigning is { State.Status: SegmentationStatus.Activating, Replaces: { } replaced } && assigning.State.Version == version)
        {
            await ActivateAsync(replaced, cancellationToken);
        }

        return await GetAsync(version, cancellationToken);
    }

    /// <summary>
    /// Ends what is at work and waits for it. Nothing is marked cancelled: at the next start a re-assignment goes on, and a re-clustering counts as interrupted.
    /// </summary>
    public async Task StopAsync()
    {
        SegmentationWork?[] works;
        lock (_gate)
        {
            _stopped = true;
            works = [_fitting, _assigning];
        }

        foreach (var work in works.OfType<SegmentationWork>())
        {
            work.Cancel();
        }

        foreach (var work in works.OfType<SegmentationWork>())
        {
            await work.Ended;
        }
    }

    private static void Validate(SegmentationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        int[] counts = [request.SegmentCount ?? SegmentsMin, request.MinSegments, request.MaxSegments];
        if (counts.Any(count => count is < SegmentsMin or > Segmentation.SegmentsMax) || request.MinSegments > request.MaxSegments)
        {
            throw new ArgumentException(
                $"Numbers of segments are from {SegmentsMin} to {Segmentation.SegmentsMax}, the smallest not above the largest.", nameof(request));
        }
    }

    private static void ThrowUnlessActivatable(SegmentationState state)
    {
        if (state.Fitted is not { } fitted
            || state.Status is not (SegmentationStatus.Ready or SegmentationStatus.Active or SegmentationStatus.Activating))
        {
            throw new InvalidOperationException($"Segmentation {state.Version} is {state.Status}: only a finished one can be activated.");
        }

        if (fitted.SchemaHash != FeatureSchema.Current.Hash)
        {
            throw new InvalidOperationException($"Segmentation {state.Version} was made for other features; re-cluster instead.");
        }
    }

    private static SegmentationView View(SegmentationState state) =>
        SegmentationViews.Of(state, state.Status is SegmentationStatus.Ready or SegmentationStatus.Active ? 1 : 0);

    /// <summary>Takes the place of the one fit at work.</summary>
    /// <returns>Who has the place already, or null.</returns>
    private SegmentationWork? Occupy(SegmentationWork work)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                throw new InvalidOperationException("The coordinator was stopped.");
            }

            if (_fitting is null)
            {
                _fitting = work;
                return null;
            }

            return _fitting;
        }
    }

    private async Task<SegmentationView> BeginAsync(SegmentationWork work, SegmentationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var state = new SegmentationState
            {
                Version = await _ports.Segmentations.NextVersionAsync(cancellationToken),
                Status = SegmentationStatus.Running,
                Request = request,
                StartedAtMs = NowMs,
            };
            await _archive.SaveAsync(state);
            work.Begin(state, 0);
        }
        catch
        {
            Leave(ref _fitting, work);
            throw;
        }

        var view = work.View!;
        _ports.RunInBackground(() => FitAsync(work));
        return view;
    }

    private async Task FitAsync(SegmentationWork work)
    {
        var begun = work.State!;
        try
        {
            var fitted = await _builder.BuildAsync(work, begun.Version, begun.Request);
            if (work.TryChange(
                state => state with { Status = SegmentationStatus.Ready, FinishedAtMs = NowMs, Step = SegmentationSteps.Done, Fitted = fitted },
                begun.Request.Activate ? SegmentationBuilder.AssigningFrom : 1))
            {
                await _archive.SaveAsync(work.State!);
                if (begun.Request.Activate)
                {
                    await ActivateCoreAsync(work.State!, work.Token);
                }
            }
        }
        catch (OperationCanceledException) when (work.Token.IsCancellationRequested)
        {
            // Whoever cancelled has said so in the state; a stop leaves it for the next start to see.
        }
        catch (Exception exception)
        {
            await FailAsync(work, exception);
        }
        finally
        {
            Leave(ref _fitting, work);
        }
    }

    private async Task FailAsync(SegmentationWork work, Exception exception)
    {
        var message = exception is SegmentationException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}";
        if (work.TryChange(state => state with { Status = SegmentationStatus.Failed, FinishedAtMs = NowMs, Error = message }))
        {
            await _archive.SaveOrKeepAsync(work.State!);
        }
        else if (work.State is { Status: SegmentationStatus.Ready } ready)
        {
            // The fit is good and kept; only what came after it failed.
            await _archive.SaveOrKeepAsync(ready with { Error = message });
        }
    }

    private async Task ActivateCoreAsync(SegmentationState state, CancellationToken cancellationToken)
    {
        await _activating.WaitAsync(cancellationToken);
        try
        {
            SegmentationWork? running;
            lock (_gate)
            {
                running = _assigning;
            }

            if (running is not null)
            {
                running.Cancel();
                await running.Ended;
            }

            var before = await _ports.Segmentations.GetActiveAsync(cancellationToken);
            var active = await _ports.Segmentations.SetActiveAsync(state.Version, NowMs, cancellationToken);
            _ports.Active.Activate(new ActivatedSegmentation(state.Fitted!, active.Activation));
            BeginAssigning(state, active, before is null || before.Version == state.Version ? null : before.Version);
        }
        finally
        {
            _activating.Release();
        }
    }

    private void BeginAssigning(SegmentationState state, ActiveSegmentation active, int? replaces)
    {
        var work = new SegmentationWork(_ports.Publish) { Replaces = replaces };
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
        _ports.RunInBackground(() => AssignAsync(work));
    }

    /// <summary>Re-assigns everybody; tries again for as long as the storage is away.</summary>
    private async Task AssignAsync(SegmentationWork work)
    {
        var retry = RetryFirst;
        try
        {
            while (!await TryAssignAsync(work))
            {
                await Task.Delay(retry, _ports.Clock, work.Token);
                retry = retry * 2 < RetryLongest ? retry * 2 : RetryLongest;
            }
        }
        catch (OperationCanceledException) when (work.Token.IsCancellationRequested)
        {
            // Another activation took over, or the service stops: then the next start goes on.
        }
        finally
        {
            Leave(ref _assigning, work);
        }
    }

    private async Task<bool> TryAssignAsync(SegmentationWork work)
    {
        try
        {
            await _archive.SaveAsync(work.State!);
            await DemoteAsync(work.Replaces);
            await _reassignment.RunAsync(
                work.State!.Fitted!,
                work.State.Activation,
                part => work.Advance(
                    SegmentationSteps.Assigning, SegmentationBuilder.AssigningFrom + (part * (1 - SegmentationBuilder.AssigningFrom))),
                work.Token);
            await _archive.SaveAsync(work.State with { Status = SegmentationStatus.Active, Step = SegmentationSteps.Done, Error = null });
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
            && await _archive.LoadAsync(replaced, CancellationToken.None)
                is { Status: SegmentationStatus.Active or SegmentationStatus.Activating } state)
        {
            await _archive.SaveAsync(state with { Status = SegmentationStatus.Ready, Step = SegmentationSteps.Done });
        }
    }

    private void RecoverActive(SegmentationState state, Segmentation fitted, ActiveSegmentation active)
    {
        if (fitted.SchemaHash != FeatureSchema.Current.Hash)
        {
            return;
        }

        _ports.Active.Activate(new ActivatedSegmentation(fitted, active.Activation));
        if (state.Status != SegmentationStatus.Active || state.Activation != active.Activation)
        {
            BeginAssigning(state, active, replaces: null);
        }
    }

    private SegmentationWork? AtWork(int version)
    {
        lock (_gate)
        {
            return _assigning?.State?.Version == version ? _assigning : _fitting?.State?.Version == version ? _fitting : null;
        }
    }

    private void Leave(ref SegmentationWork? place, SegmentationWork work)
    {
        lock (_gate)
        {
            place = ReferenceEquals(place, work) ? null : place;
        }

        work.End();
        work.Dispose();
    }
}
