using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Orleans.Models;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>The choice of a model as a test makes it.</summary>
internal sealed class ScriptedModels(EncoderModel? model) : ISiloModels
{
    public string? Lacking => model is null ? "no model is chosen" : null;

    public Task<EncoderModel?> RenewAsync(CancellationToken cancellationToken) => Task.FromResult(model);

    public RunningModels Describe() => new();

    public Task<ModelAnswer> DoAsync(ModelOrder order, CancellationToken cancellationToken) => Task.FromResult(new ModelAnswer());
}
