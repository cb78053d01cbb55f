namespace CustomerSegmentation.Domain.Encoders;

/// <summary>Keeps requests that nobody uses, up to a limit and one for each thread; more are left to the collector. For any number of threads.</summary>
/// <param name="keptMax">Requests that are kept, each about 4 KB for a usual model.</param>
public sealed class EncoderRequestPool(int keptMax)
{
    // A thread that returns a request usually rents the next one: that one is at hand, and in its processor's cache. It may have come from another pool.
    [ThreadStatic]
    private static EncoderRequest? _atHand;

    private readonly Stack<EncoderRequest> _kept = new();
    private readonly Lock _gate = new();

    /// <summary>An empty request for the model.</summary>
    public EncoderRequest Rent(EncoderModel model, ulong customer)
    {
        var request = _atHand;
        _atHand = null;
        if (request is null)
        {
            lock (_gate)
            {
                _kept.TryPop(out request);
            }
        }

        request ??= new EncoderRequest();
        request.Begin(model, customer);
        return request;
    }

    /// <summary>Takes a request back that has ended.</summary>
    public void Return(EncoderRequest request)
    {
        if (_atHand is null)
        {
            _atHand = request;
            return;
        }

        lock (_gate)
        {
            if (_kept.Count < keptMax)
            {
                _kept.Push(request);
            }
        }
    }
}
