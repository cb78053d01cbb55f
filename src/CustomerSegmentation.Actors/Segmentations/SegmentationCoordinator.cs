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
    /// <summary>How often a re-clustering is begun at most, should those that work on it be lost.</summary>
    public const int AttemptsMax = 3;

    private const int SegmentsMin = 2;
    private const int PageMax = 500;

    private readonly SegmentationPorts _ports;
    private readonly SegmentationArchive _archive;
    private readonly SegmentationBuilder _builder;
    private readonly SegmentationActivator _activator;
    private readonly Lock _gate = new();
    private SegmentationWork? _fitting;
    private bool _stopped;

    public SegmentationCoordinator(SegmentationPorts ports, SegmentationOptions options)
    {
        ArgumentNullException.ThrowIfNull(ports);
        ArgumentNullException.ThrowIfNull(options);
        _ports = ports;
        _archive = new SegmentationArchive(ports.Segmentations);
        _builder = new SegmentationBuilder(ports, options, _archive);
        _activator = new SegmentationActivator(ports, options, _archive);
    }

    private long NowMs => _ports.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private SegmentationWork? Fitting
    {
        get
        {
            lock (_gate)
            {
                return _fitting;
            }
        }
    }

    /// <summary>
    /// To be called once before other calls: puts the active version in force, goes on with an interrupted re-assignment in the background, and begins an
    /// interrupted re-clustering anew or marks it failed. A version of another feature schema is not put in force.
    /// </summary>
    /// <param name="resume">
    /// Whether an interrupted re-clustering is begun anew, under its own number, unless it was begun <see cref="AttemptsMax"/> times.
    /// </param>
    /// <param name="cancellationToken">Ends the reading of versions.</param>
    public async Task RecoverAsync(bool resume = false, CancellationToken cancellationToken = default)
    {
        var active = await _ports.Segmentations.GetActiveAsync(cancellationToken);
        await foreach (var state in _archive.AllAsync())
        {
            if (active is not null && state.Version == active.Version && state.Fitted is { } fitted)
            {
                RecoverActive(state, fitted, active);
            }
            else if (state.Status == SegmentationStatus.Running && resume && state.Attempt < AttemptsMax && Occupy(new SegmentationWork(_ports.Publish)) is null)
            {
                await BeginAsync(Fitting!, state with { Attempt = state.Attempt + 1, Step = SegmentationSteps.Reading });
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
        await _activator.ActivateAsync(state, cancellationToken);
        return await GetAsync(version, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A fit is given up: the version is cancelled. While customers are being re-assigned, the version that was active before is activated again; the first
    /// version ever has none before it and goes on.
    /// </remarks>
    public async Task<SegmentationView?> CancelAsync(int version, CancellationToken cancellationToken = default)
    {
        var fitting = Fitting;
        if (fitting?.State?.Version == version
            && fitting.TryChange(state => state with { Status = SegmentationStatus.Cancelled, FinishedAtMs = NowMs }))
        {
            fitting.Cancel();
            await _archive.SaveOrKeepAsync(fitting.State!);
            return SegmentationViews.Of(fitting.State!, fitting.View!.Progress);
        }

        if (_activator.Assigning is { State.Status: SegmentationStatus.Activating, Replaces: { } replaced } && AtWork(version) == _activator.Assigning)
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
        SegmentationWork? fitting;
        lock (_gate)
        {
            _stopped = true;
            fitting = _fitting;
        }

        fitting?.Cancel();
        await _activator.StopAsync();
        await (fitting?.Ended ?? Task.CompletedTask);
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
        int version;
        try
        {
            version = await _ports.Segmentations.NextVersionAsync(cancellationToken);
        }
        catch
        {
            Leave(work);
            throw;
        }

        return await BeginAsync(
            work, new SegmentationState { Version = version, Status = SegmentationStatus.Running, Request = request, StartedAtMs = NowMs });
    }

    private async Task<SegmentationView> BeginAsync(SegmentationWork work, SegmentationState state)
    {
        try
        {
            await _archive.SaveAsync(state);
            work.Begin(state, 0);
        }
        catch
        {
            Leave(work);
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
                    await _activator.ActivateAsync(work.State!, work.Token);
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
            Leave(work);
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

    private void RecoverActive(SegmentationState state, Segmentation fitted, ActiveSegmentation active)
    {
        if (fitted.SchemaHash != FeatureSchema.Current.Hash)
        {
            return;
        }

        _ports.Active.Activate(new ActivatedSegmentation(fitted, active.Activation));
        if (state.Status != SegmentationStatus.Active || state.Activation != active.Activation)
        {
            _activator.Resume(state, active);
        }
    }

    private SegmentationWork? AtWork(int version)
    {
        var (assigning, fitting) = (_activator.Assigning, Fitting);
        return assigning?.State?.Version == version ? assigning : fitting?.State?.Version == version ? fitting : null;
    }

    private void Leave(SegmentationWork work)
    {
        lock (_gate)
        {
            _fitting = ReferenceEquals(_fitting, work) ? null : _fitting;
        }

        work.End();
    }
}
