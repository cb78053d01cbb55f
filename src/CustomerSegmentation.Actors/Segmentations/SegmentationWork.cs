using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>A version at work: where it stands, how it is cancelled, and when it is over.</summary>
internal sealed class SegmentationWork(Action<SegmentationView> publish)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _begun = new();
    private readonly TaskCompletionSource _ended = new();
    private readonly CancellationTokenSource _cancel = new();
    private SegmentationState? _state;
    private double _progress;
    private double _published = -1;

    /// <summary>Null until the version has its number.</summary>
    public SegmentationState? State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>The version that was active before; null for none. Only of re-assignments.</summary>
    public int? Replaces { get; init; }

    public CancellationToken Token => _cancel.Token;

    /// <summary>Completes once the version has its number, or never will.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Completes when nothing runs any more.</summary>
    public Task Ended => _ended.Task;

    public SegmentationView? View
    {
        get
        {
            lock (_gate)
            {
                return _state is null ? null : SegmentationViews.Of(_state, _progress);
            }
        }
    }

    public void Begin(SegmentationState state, double progress)
    {
        lock (_gate)
        {
            _state = state;
            _progress = progress;
        }

        _begun.TrySetResult();
        Publish(always: true);
    }

    /// <summary>Reports progress; publishes each new step and each percent.</summary>
    /// <param name="step">One of <see cref="SegmentationSteps"/>.</param>
    /// <param name="progress">0 to 1 over all steps.</param>
    public void Advance(string step, double progress)
    {
        bool entered;
        lock (_gate)
        {
            if (_state is null || SegmentationViews.IsFinal(_state.Status))
            {
                return;
            }

            entered = _state.Step != step;
            _state = entered ? _state with { Step = step } : _state;
            _progress = Math.Max(_progress, Math.Clamp(progress, 0, 1));
        }

        Publish(entered);
    }

    /// <summary>Changes the state unless the version has already reached its end; whoever ends it first wins.</summary>
    public bool TryChange(Func<SegmentationState, SegmentationState> change, double? progress = null)
    {
        lock (_gate)
        {
            if (_state is null || SegmentationViews.IsFinal(_state.Status))
            {
                return false;
            }

            _state = change(_state);
            _progress = progress ?? _progress;
        }

        Publish(always: true);
        return true;
    }

    public void Cancel() => _cancel.Cancel();

    public void End()
    {
        _begun.TrySetResult();
        _ended.TrySetResult();
    }

    private void Publish(bool always)
    {
        SegmentationView view;
        lock (_gate)
        {
            if (_state is null || (!always && _progress - _published < 0.01))
            {
                return;
            }

            _published = _progress;
            view = SegmentationViews.Brief(_state, _progress);
        }

        publish(view);
    }
}
