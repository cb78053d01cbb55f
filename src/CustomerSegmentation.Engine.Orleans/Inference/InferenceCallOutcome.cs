namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>How a call to an inference silo ended.</summary>
internal enum InferenceCallOutcome
{
    /// <summary>Every customer of the batch has an answer, whatever it says.</summary>
    Answered,

    /// <summary>The silo does not run the model, or cannot read the batch.</summary>
    Refused,

    /// <summary>Nothing came in time, the silo is gone, or what came makes no sense.</summary>
    Unanswered,
}
