using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Engine.Orleans.Models;

/// <summary>What a silo does with the shop's sequence models. For any number of threads.</summary>
public interface ISiloModels
{
    /// <summary>Why no model is in force here; null while one is.</summary>
    string? Lacking { get; }

    /// <summary>Brings the silo to the model that is chosen: runs it, where models run.</summary>
    /// <returns>The model that customers are to be read by; null while there is none.</returns>
    Task<EncoderModel?> RenewAsync(CancellationToken cancellationToken);

    /// <summary>What runs here.</summary>
    RunningModels Describe();

    /// <summary>Does something with a model here. What goes wrong with it is in the answer.</summary>
    Task<ModelAnswer> DoAsync(ModelOrder order, CancellationToken cancellationToken);
}
