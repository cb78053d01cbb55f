using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Engine.Encoders;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>Models in this process.</summary>
/// <param name="runtime">Runs them.</param>
/// <param name="chosen">Why none is active.</param>
internal sealed class LocalRunners(EncoderRuntime runtime, ChosenModel chosen) : IModelRunners
{
    /// <summary>How far the engine's customers are read; null where no service runs, only a command.</summary>
    public Func<EncodingProgress>? Progress { get; init; }

    /// <summary>How the text model is doing; null where no service runs.</summary>
    public Func<TextModelView>? Texts { get; init; }

    public Task LoadAsync(ShelvedModel model, CancellationToken cancellationToken) =>
        runtime.RequireRegistry().LoadAsync(model.Source, model.File, cancellationToken);

    public Task ActivateAsync(ShelvedModel model, CancellationToken cancellationToken)
    {
        runtime.RequireRegistry().Activate(model.Id);
        return Task.CompletedTask;
    }

    public Task StartShadowAsync(ShelvedModel model, CancellationToken cancellationToken)
    {
        if (Progress is null)
        {
            throw new ModelException(ModelProblem.Conflict, "A shadow runs beside the active model of a service, and no service runs on this shop.");
        }

        runtime.RequireRegistry().StartShadow(model.Id);
        return Task.CompletedTask;
    }

    public Task StopShadowAsync(ShelvedModel model, CancellationToken cancellationToken)
    {
        runtime.RequireRegistry().StopShadow();
        return Task.CompletedTask;
    }

    public Task UnloadAsync(ShelvedModel model, CancellationToken cancellationToken) => runtime.Registry?.UnloadAsync(model.Id) ?? Task.CompletedTask;

    public Task<RunningState> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult(new RunningState(
        Progress is null ? null : chosen.Lacking, ModelViews.StatesOf(runtime.Registry), ModelViews.ShadowOf(runtime.Registry), Progress?.Invoke().ToView(),
        Texts?.Invoke()));
}
