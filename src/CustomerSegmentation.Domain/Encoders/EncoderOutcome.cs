namespace CustomerSegmentation.Domain.Encoders;

/// <summary>How a request to the encoder ended.</summary>
public enum EncoderOutcome
{
    /// <summary>State, embedding and probabilities are there.</summary>
    Encoded,

    /// <summary>Too much waits: ask again later. Nothing was done.</summary>
    Busy,

    /// <summary>There is no model, or the service stops. Nothing was done.</summary>
    Unavailable,

    /// <summary>The model that the request was begun for is gone: its state is worth nothing now, and is rebuilt from the events with the new model.</summary>
    OtherModel,

    /// <summary>The request itself is wrong; <see cref="EncoderRequest.Reason"/> says why. Asking again gives the same answer.</summary>
    Refused,

    /// <summary>The run failed; <see cref="EncoderRequest.Reason"/> says why.</summary>
    Failed,
}
