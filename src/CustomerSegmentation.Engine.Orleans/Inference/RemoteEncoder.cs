using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Orleans.Silos;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>
/// The encoder of a silo that runs no models: sends requests to silos that do. A customer goes to the same silo as long as the same ones are there; when that one does
/// not answer, another is asked, and when none does, customers wait with their own silo.
/// </summary>
internal sealed class RemoteEncoder(SiloRoster roster, IGrainFactory grains, InferenceCallOptions options, TimeProvider timeProvider) : IEncoder
{
    private const int RequestsKeptMax = 4_096;

    private readonly EncoderRequestPool _requests = new(RequestsKeptMax);
    private readonly Lock _gate = new();
    private volatile Dictionary<SiloAddress, InferenceLane> _bySilo = [];
    private volatile InferenceLane[] _lanes = [];
    private volatile EncoderModel? _chosen;
    private volatile string? _unanswered;
    private volatile bool _isAbsent;
    private long _absentSince = timeProvider.GetTimestamp();
    private int _waiting;

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
            var silos = roster.Inference;
            if (!_bySilo.Keys.ToHashSet().SetEquals(silos))
            {
                // Calls to those who left end by themselves.
                _bySilo = silos.ToDictionary(silo => silo, silo => _bySilo.GetValueOrDefault(silo) ?? CreateLane(silo));
                _lanes = [.. _bySilo.OrderBy(lane => lane.Key).Select(lane => lane.Value)];
            }
            if (_lanes.Length > 0)
            {
                (_isAbsent, _absentSince) = (false, timeProvider.GetTimestamp());
            }
            else
            {
                _isAbsent = timeProvider.GetElapsedTime(_absentSince).TotalSeconds >= options.AbsentSeconds;
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
            request.Complete(EncoderOutcome.OtherModel);
        }
        else if (FindLane(request.Customer) is not { } lane)
        {
            request.Complete(EncoderOutcome.Unavailable, _unanswered ?? "no silo runs models at the moment");
        }
        else if (Interlocked.Increment(ref _waiting) > options.QueueMax)
        {
            Interlocked.Decrement(ref _waiting);
            request.Complete(EncoderOutcome.Busy, "too many customers wait for the inference silos");
        }
        else
        {
            lane.Add(new WaitingRequest(request, timeProvider.GetTimestamp(), IsSecondTry: false));
        }
        return task;
    }

    private InferenceLane CreateLane(SiloAddress silo) => new(
        silo.Endpoint.ToString(), new PlacedInference(grains, silo).EncodeAsync, options, timeProvider, Unanswered, ended => Interlocked.Add(ref _waiting, -ended));

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
                waiting.Request.Complete(EncoderOutcome.Unavailable, reason);
            }
        }
    }
}
