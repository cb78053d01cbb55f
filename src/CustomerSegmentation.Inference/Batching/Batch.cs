using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>Requests that run together, and how each of them ended. Belongs to one lane, which uses it again and again.</summary>
internal sealed class Batch(int requestsMax)
{
    private readonly EncoderRequest[] _requests = new EncoderRequest[requestsMax];
    private readonly EncoderOutcome?[] _outcomes = new EncoderOutcome?[requestsMax];
    private readonly string?[] _reasons = new string?[requestsMax];

    public int Count { get; private set; }

    /// <summary>When the first of them came, as a timestamp.</summary>
    public long OldestStamp { get; private set; }

    public ReadOnlySpan<EncoderRequest> Requests => _requests.AsSpan(0, Count);

    /// <summary>How a request ended; null when its caller cancelled it before it ran.</summary>
    public EncoderOutcome? Outcome(int index) => _outcomes[index];

    public string? Reason(int index) => _reasons[index];

    public void Add(EncoderRequest request, long stamp)
    {
        OldestStamp = Count == 0 ? stamp : Math.Min(OldestStamp, stamp);
        _outcomes[Count] = EncoderOutcome.Encoded;
        _reasons[Count] = null;
        _requests[Count++] = request;
    }

    public void Set(int index, EncoderOutcome outcome, string reason) => (_outcomes[index], _reasons[index]) = (outcome, reason);

    /// <summary>Moves requests that were cancelled meanwhile to the end, with no outcome.</summary>
    /// <returns>How many are left to run.</returns>
    public int SetCancelledApart()
    {
        var live = Count;
        for (var i = 0; i < live;)
        {
            if (_requests[i].CancellationToken.IsCancellationRequested)
            {
                live--;
                (_requests[i], _requests[live]) = (_requests[live], _requests[i]);
                _outcomes[live] = null;
            }
            else
            {
                i++;
            }
        }

        return live;
    }

    public void Clear()
    {
        Array.Clear(_requests, 0, Count);
        Count = 0;
    }
}
