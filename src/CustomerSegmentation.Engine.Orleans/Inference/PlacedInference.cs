using Orleans.Runtime.Placement;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>The inference grain of one silo: placed there by the hint that goes with each call.</summary>
internal sealed class PlacedInference(IGrainFactory grains, SiloAddress silo)
{
    private readonly IInferenceGrain _grain = grains.GetGrain<IInferenceGrain>($"{InferenceGrain.TypeName}/{silo.ToParsableString()}");

    /// <summary>Calls it. Inside an async method, so that the hint goes no further.</summary>
    public Task<EncodedBatch> EncodeAsync(EncoderBatch batch)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        return _grain.EncodeAsync(batch);
    }
}
