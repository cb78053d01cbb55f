using Orleans.Concurrency;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>Stateless, and only on silos that run models; the others do not even know the class.</summary>
[StatelessWorker, Reentrant, GrainType(TypeName)]
internal sealed class InferenceGrain(SiloInference inference) : Grain, IInferenceGrain
{
    public const string TypeName = "inference";

    public Task<EncodedBatch> EncodeAsync(EncoderBatch batch) => inference.EncodeAsync(batch);
}
