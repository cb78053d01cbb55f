using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Orleans.Silos;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>
/// The encoder of a silo that runs no models: sends requests to silos that do. A customer goes to the same silo as long as the same ones are there; when that one does
/// not answer, another is asked, and when none does, customers wait with their own silo.
/// </summary>
internal sealed class RemoteEncoder : IEncoder
{
    private const int RequestsKeptMax = 4_096;

    private readonly SiloRoster _roster;
    private readonly IGrainFactory _grains;
    private readonly InferenceCallOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly RemoteInferenceMetrics _metrics;
    private readonly EncoderRequestPool _requests = new(RequestsKeptMax);
    private readonly Lock _gate = new();
    private volatile Dictionary<SiloAddress, InferenceLane> _bySilo = [];
    private volatile InferenceLane[] _lanes = [];
    private volatile EncoderModel? _chosen;
    private volatile string? _unanswered;
    private volatile bool _isAbsent;
    private long _absentSince;
    private int _waiting;

    public RemoteEncoder(SiloRoster roster, IGrainFactory grains, InferenceCallOptions options, TimeProvider timeProvider, RemoteInferenceMetrics metrics)
    {
        (_roster, _grains, _options, _timeProvider, _metrics) = (roster, grains, options, timeProvider, metrics);
        _absentSince = timeProvider.GetTimestamp();
        metrics.Watch(() => _lanes.Sum(lane => lane.Waiting), () => _lanes.Sum(lane => lane.Calls));
    }

    /// <inheritdoc/>
    public EncoderModel? Model => _isAbsent ? null : _chosen;

    /// <summary>Why there is no model; null while there is one, or none is chosen.</summary>
    public string? Lacking => _isAbsent ? "no silo runs models (role inference)" : null;

    /// <summary>Begins requests for this model from now on; null for none.</summary>
    public void Choose(EncoderModel? model)
    {
        if (model?.Id != _chosen?.Id)
        {
            _chosen = model;
        }
    }

    /// <summary>Looks which silos run models now.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            var silos = _roster.Inference;
            if (!_bySilo.Keys.ToHashSet().SetEquals(silos))
            {
                // Calls to those who left end by themselves.
                _bySilo = silos.ToDictionary(silo => silo, silo => _bySilo.GetValueOrDefault(silo) ?? CreateLane(silo));
                _lanes = [.. _bySilo.OrderBy(lane => lane.Key).Select(lane => lane.Value)];
            }
            if (_lanes.Length > 0)
            {
                (_isAbsent, _absentSince) = (false, _timeProvider.GetTimestamp());
            }
            else
            {
                _isAbsent = _timeProvider.GetElapsedTime(_absentSince).TotalSeconds >= _options.AbsentSeconds;
            }
        }
    }

    /// <inheritdoc/>
    public EncoderRequest Rent(EncoderModel model, ulong customer) => _requests.Rent(model, customer);

    /// <inheritdoc/>
    public void Return(EncoderRequest request) => _requests.Return(request);

    /// <inheritdoc/>
    public ValueTask<EncoderOutcome> EncodeAsync(EncoderRequest request, CancellationToken cancellationToken = default)
    {
        var task = request.Start(cancellationToken);
        if (!ReferenceEquals(request.Model, _chosen))
        {
            Complete(request, EncoderOutcome.OtherModel);
        }
        else if (FindLane(request.Customer) is not { } lane)
        {
            Complete(request, EncoderOutcome.Unavailable, _unanswered ?? "no silo runs models at the moment");
        }
        else if (Interlocked.Increment(ref _waiting) > _options.QueueMax)
        {
            Interlocked.Decrement(ref _waiting);
            Complete(request, EncoderOutcome.Busy, "too many customers wait for the inference silos");
        }
        else
        {
            lane.Add(new WaitingRequest(request, _timeProvider.GetTimestamp(), IsSecondTry: false));
        }
        return task;
    }

    private InferenceLane CreateLane(SiloAddress silo) => new(
        silo.Endpoint.ToString(), new PlacedInference(_grains, silo).EncodeAsync, _options, _timeProvider, _metrics, Unanswered, ended => Interlocked.Add(ref _waiting, -ended));

    /// <summary>The customer's own lane, or the next one that is not resting; null when there is none.</summary>
    private InferenceLane? FindLane(ulong customer)
    {
        var lanes = _lanes;
        for (var i = 0; i < lanes.Length; i++)
        {
            var lane = lanes[(int)((customer + (ulong)i) % (ulong)lanes.Length)];
            if (!lane.IsResting)
            {
                return lane;
            }
        }
        return null;
    }

    private void Complete(EncoderRequest request, EncoderOutcome outcome, string? reason = null)
    {
        // First: what is told may be returned and used again at once.
        _metrics.Ended(outcome);
        request.Complete(outcome, reason);
    }

    private void Unanswered(IReadOnlyList<WaitingRequest> requests, string reason)
    {
        _unanswered = reason;
        foreach (var waiting in requests)
        {
            if (!waiting.IsSecondTry && FindLane(waiting.Request.Customer) is { } other)
            {
                Interlocked.Increment(ref _waiting);
                other.Add(waiting with { IsSecondTry = true });
            }
            else
            {
                Complete(waiting.Request, EncoderOutcome.Unavailable, reason);
            }
        }
    }
}
