namespace CustomerSegmentation.Domain.Encoders;

/// <summary>
/// The deep sequence encoder, as the customers' actors see it: new events and a state go in; the next state, an embedding and class probabilities come out.
/// Requests of many customers run together.
/// </summary>
public interface IEncoder
{
    /// <summary>The model to begin new requests for; null while there is none. It changes when another version is activated.</summary>
    EncoderModel? Model { get; }

    /// <summary>A request for the model from the pool, or a new one. It goes back by <see cref="Return"/>.</summary>
    /// <param name="model">The model, usually <see cref="Model"/>.</param>
    /// <param name="customer">A number for the customer, such as a hash of the id: requests of one number run and end in the order of their coming. 0 for none.</param>
    EncoderRequest Rent(EncoderModel model, ulong customer);

    /// <summary>Takes back a request that has ended. It and its result are not used any more.</summary>
    void Return(EncoderRequest request);

    /// <summary>
    /// Runs a request. It belongs to the encoder until the task ends; the task is awaited once. All that can go wrong with input, load or model is an
    /// <see cref="EncoderOutcome"/>.
    /// </summary>
    /// <exception cref="OperationCanceledException">
    /// Cancelled before the run began. Seen when the request's turn comes, which is within the longest wait for a batch and the runs before it.
    /// </exception>
    /// <exception cref="InvalidOperationException">The request was not begun, or is already under way.</exception>
    ValueTask<EncoderOutcome> EncodeAsync(EncoderRequest request, CancellationToken cancellationToken = default);
}
