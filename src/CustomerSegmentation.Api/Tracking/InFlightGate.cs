using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>Bounds the tracking requests at work and the bytes of their bodies. Never waits: who does not fit is told to come again.</summary>
internal sealed class InFlightGate(IOptions<ApiOptions> options)
{
    private readonly int _requestsMax = options.Value.RequestsInFlightMax;
    private readonly long _bytesMax = options.Value.BodyBytesInFlightMax;
    private int _requests;
    private long _bytes;

    public int Requests => Volatile.Read(ref _requests);

    public long Bytes => Volatile.Read(ref _bytes);

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _requests) <= _requestsMax)
        {
            return true;
        }

        Interlocked.Decrement(ref _requests);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _requests);

    public bool TryReserve(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= _bytesMax)
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    public void Free(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
