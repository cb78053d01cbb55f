namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>
/// Runs the sequence model on a silo that has one. Its key is <c>inference/</c> and the silo's address: a key stands for a silo, since callers remember where a key
/// was placed, so that one key for all would send everything of a caller to one silo.
/// </summary>
internal interface IInferenceGrain : IGrainWithStringKey
{
    /// <summary>Runs a batch. All that can go wrong with requests or the model is in the answer.</summary>
    [ResponseTimeout("00:00:03")]
    Task<EncodedBatch> EncodeAsync(EncoderBatch batch);
}
