using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Orleans.Models;
using CustomerSegmentation.SiloHost.Models;

namespace CustomerSegmentation.SiloHost.Cluster;

/// <summary>The shop's models on this silo.</summary>
/// <param name="shelf">The models, and the choice.</param>
/// <param name="chosen">Takes what is chosen.</param>
/// <param name="runtime">Runs models; null where this silo asks others.</param>
/// <param name="texts">How the text model is doing; null where no texts come.</param>
internal sealed class SiloModels(ModelShelf shelf, ChosenModel chosen, EncoderRuntime? runtime, Func<TextModelView>? texts) : ISiloModels
{
    private readonly ModelChanges _changes = new();

    public string? Lacking => chosen.Lacking;

    public Task<EncoderModel?> RenewAsync(CancellationToken cancellationToken) => chosen.RenewAsync(cancellationToken);

    public RunningModels Describe() => new()
    {
        Runs = runtime is not null,
        Lacking = Lacking,
        States = ModelViews.StatesOf(runtime?.Registry),
        Shadow = ModelViews.ShadowOf(runtime?.Registry),
        Text = texts?.Invoke(),
    };

    public async Task<ModelAnswer> DoAsync(ModelOrder order, CancellationToken cancellationToken)
    {
        if (runtime is null)
        {
            return new ModelAnswer();
        }

        try
        {
            return await _changes.RunAsync(() => DoAsync(order, runtime, cancellationToken), cancellationToken);
        }
        catch (ModelException e)
        {
            return new ModelAnswer { Problem = e.Problem, Message = e.Message };
        }
    }

    private async Task<ModelAnswer> DoAsync(ModelOrder order, EncoderRuntime runtime, CancellationToken cancellationToken)
    {
        var registry = runtime.RequireRegistry();
        var model = await shelf.FindAsync(order.Version, cancellationToken);
        switch (order.Action)
        {
            case ModelAction.Load:
                await registry.LoadAsync(Found(order, model).Source, Found(order, model).File, cancellationToken);
                break;
            case ModelAction.Unload:
                await registry.UnloadAsync(order.Id);
                break;
            case ModelAction.StartShadow:
                registry.StartShadow(Found(order, model).Id);
                break;
            case ModelAction.StopShadow:
                registry.StopShadow();
                break;
        }

        return new ModelAnswer();
    }

    private static ShelvedModel Found(ModelOrder order, ShelvedModel? model) =>
        model ?? throw new ModelException(ModelProblem.Unknown, $"There is no model of version '{order.Version}'.");
}
