using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Batching;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Inference.Models;

/// <summary>
/// Runs what the active model runs through another one as well, and compares. A state belongs to the model that made it: so the shadow keeps states of its own,
/// for customers whose history it has followed from a start (a new customer, or a rebuild). Whom it lost sight of – also because another process answered
/// meanwhile, or an answer was dropped – it leaves out until their next start.
/// </summary>
internal sealed class Shadow
{
    private readonly SessionPool _pool;
    private readonly EncoderRequestPool _requests;
    private readonly int _customersMax;
    private readonly ILogger _logger;
    private readonly (int Active, int Shadow, int Classes)[] _heads;
    private readonly Dictionary<ulong, Followed> _states = [];
    private readonly HashSet<ulong> _running = [];
    private readonly HashSet<ulong> _lost = [];
    private readonly Lock _gate = new();
    private long _compared;
    private long _skipped;
    private long _classes;
    private long _headCount;
    private long _agreed;
    private double _sum;
    private double _max;

    public Shadow(EncoderModel active, SessionPool pool, EncoderRequestPool requests, int customersMax, ILogger logger)
    {
        (_pool, _requests, _customersMax, _logger) = (pool, requests, customersMax, logger);
        _heads =
        [
            .. from a in active.Heads
               join s in pool.Model.Heads on a.Name equals s.Name
               where a.Classes.SequenceEqual(s.Classes)
               select (a.Offset, s.Offset, a.Classes.Count),
        ];
    }

    public ShadowReport Report()
    {
        lock (_gate)
        {
            return new ShadowReport(
                _pool.Model.Id, _compared, _skipped, _classes == 0 ? 0 : _sum / _classes, _max, _headCount == 0 ? double.NaN : (double)_agreed / _headCount);
        }
    }

    /// <summary>Takes note of a request that the active model has answered. Called on the active model's lane: copies and returns.</summary>
    public void Observe(EncoderRequest answered)
    {
        try
        {
            Follow(answered);
        }
        catch (Exception e)
        {
            // A comparison never takes the active model's lane with it.
            InferenceLog.ShadowFailed(_logger, e, _pool.Model.Id);
        }
    }

    private void Follow(EncoderRequest answered)
    {
        Followed? before = null;
        lock (_gate)
        {
            if (!answered.IsFromStart && (answered.Customer == 0 || !_states.TryGetValue(answered.Customer, out before) || before.Mark != MarkOf(answered.State)))
            {
                _states.Remove(answered.Customer);
                _skipped++;
                return;
            }

            if (answered.Customer != 0 && !_running.Add(answered.Customer))
            {
                // The shadow is still at this customer's request before: it cannot follow in order.
                _lost.Add(answered.Customer);
                _skipped++;
                return;
            }
        }

        var request = _requests.Rent(_pool.Model, answered.Customer);
        if (before is not null)
        {
            request.Continue(before.State, 0);
        }

        request.AddRows(answered.Events);
        answered.Features.CopyTo(request.Features);
        _ = CompareAsync(request, answered.Probabilities.ToArray(), MarkOf(answered.StateOut));
    }

    private async Task CompareAsync(EncoderRequest request, float[] expected, int mark)
    {
        var isKept = false;
        try
        {
            isKept = await _pool.EncodeAsync(request, CancellationToken.None) == EncoderOutcome.Encoded;
            if (isKept)
            {
                Compare(expected, request.Probabilities);
            }
        }
        catch (Exception e)
        {
            // Nobody awaits a comparison: what goes wrong with it is told here and changes nothing for the customer.
            InferenceLog.ShadowFailed(_logger, e, _pool.Model.Id);
        }

        Keep(request, isKept, mark);
        _requests.Return(request);
    }

    private void Compare(ReadOnlySpan<float> active, ReadOnlySpan<float> shadow)
    {
        lock (_gate)
        {
            _compared++;
            foreach (var (a, s, classes) in _heads)
            {
                var (ofActive, ofShadow) = (active.Slice(a, classes).ToArray(), shadow.Slice(s, classes).ToArray());
                for (var i = 0; i < classes; i++)
                {
                    double difference = Math.Abs(ofActive[i] - ofShadow[i]);
                    _sum += difference;
                    _max = Math.Max(_max, difference);
                }

                _classes += classes;
                _headCount++;
                _agreed += Array.IndexOf(ofActive, ofActive.Max()) == Array.IndexOf(ofShadow, ofShadow.Max()) ? 1 : 0;
            }
        }
    }

    private void Keep(EncoderRequest request, bool isKept, int mark)
    {
        lock (_gate)
        {
            _skipped += isKept ? 0 : 1;
            if (request.Customer == 0)
            {
                return;
            }

            _running.Remove(request.Customer);
            isKept &= !_lost.Remove(request.Customer);
            if (isKept && (_states.Count < _customersMax || _states.ContainsKey(request.Customer)))
            {
                _states[request.Customer] = new Followed(request.StateOut.ToArray(), mark);
            }
            else
            {
                _states.Remove(request.Customer);
            }
        }
    }

    /// <summary>Tells states of the active model from each other, in the precision in which customers keep them.</summary>
    private static int MarkOf(ReadOnlySpan<float> state)
    {
        var hash = new HashCode();
        foreach (var number in state)
        {
            hash.Add((Half)number);
        }

        return hash.ToHashCode();
    }

    /// <param name="State">The shadow's own state of a customer.</param>
    /// <param name="Mark">The active model's state after the same events.</param>
    private sealed record Followed(float[] State, int Mark);
}
