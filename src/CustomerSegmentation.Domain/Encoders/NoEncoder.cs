namespace CustomerSegmentation.Domain.Encoders;

/// <summary>Stands where there is no encoder: every request is unavailable.</summary>
/// <param name="reason">Why there is none, for whoever asks.</param>
public sealed class NoEncoder(string reason) : IEncoder
{
    /// <summary>Why there is none.</summary>
    public string Reason => reason;

    /// <inheritdoc/>
    public EncoderModel? Model => null;

    /// <inheritdoc/>
    public EncoderRequest Rent(EncoderModel model, ulong customer)
    {
        var request = new EncoderRequest();
        request.Begin(model, customer);
        return request;
    }

    /// <inheritdoc/>
    public void Return(EncoderRequest request)
    {
    }

    /// <inheritdoc/>
    public ValueTask<EncoderOutcome> EncodeAsync(EncoderRequest request, CancellationToken cancellationToken = default)
    {
        var task = request.Start(cancellationToken);
        request.Complete(EncoderOutcome.Unavailable, reason);
        return task;
    }
}
