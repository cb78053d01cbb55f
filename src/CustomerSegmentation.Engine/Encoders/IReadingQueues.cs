namespace CustomerSegmentation.Engine.Encoders;

/// <summary>Where customers wait for the encoder: in this process, or in all that have customers.</summary>
internal interface IReadingQueues
{
    /// <summary>Customers that wait where most do.</summary>
    int Fullest { get; }

    /// <summary>How the reading goes.</summary>
    ReadingStatus Status { get; }

    /// <summary>
    /// Whether another model, or none, was current since the last call while a customer had its turn: who was queued for this model may have been passed by, and who was
    /// read by the other may have been looked through before.
    /// </summary>
    ValueTask<bool> TakeOtherModelAsync(string model);
}
