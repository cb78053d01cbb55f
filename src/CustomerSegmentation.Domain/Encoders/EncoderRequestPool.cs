namespace CustomerSegmentation.Domain.Encoders;

/// <summary>Keeps requests that nobody uses, up to a limit; more are left to the collector. For any number of threads.</summary>
/// <param name="keptMax">Requests that are kept, each about 4 KB for a usual model.</param>
public sealed class EncoderRequestPool(int keptMax)
{
    private readonly Stack<EncoderRequest> _kept = new();
    private readonly Lock _gate = new();

    /// <summary>An empty request for the model.</summary>
    public EncoderRequest Rent(EncoderModel model, ulong customer)
    {
        EncoderRequest? request;
        lock (_gate)
        {
            _kept.TryPop(out request);
        }

        request ??= new EncoderRequest();
        request.Begin(model, customer);
        return request;
    }

    /// <summary>Takes a request back that has ended.</summary>
    public void Return(EncoderRequest request)
    {
        lock (_gate)
        {
            if (_kept.Count < keptMax)
            {
                _kept.Push(request);
            }
        }
    }
}
