using System.Security.Cryptography;
using System.Text;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Storage.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>
/// The models of a shop: what is on the shelf, and what of it runs. A change is stored before it takes effect, and nothing is stored that was not tried.
/// </summary>
/// <param name="shelf">The models, and the choice.</param>
/// <param name="trials">Where models are tried out.</param>
/// <param name="runners">Where they run.</param>
internal sealed class ModelCatalogue(ModelShelf shelf, EncoderRuntime trials, IModelRunners runners) : IModelCatalogue
{
    private readonly ModelChanges _changes = new();

    public async Task<ModelsView> ListAsync(CancellationToken cancellationToken = default)
    {
        var choice = await shelf.GetChoiceAsync(cancellationToken);
        var running = await runners.DescribeAsync(cancellationToken);
        return new ModelsView
        {
            Items = [.. (await shelf.ListAsync(cancellationToken)).Select(model => View(model, choice, running))],
            Lacking = running.Lacking,
            Encoding = running.Encoding,
            Text = running.Text,
        };
    }

    public Task<(ModelView Model, bool IsNew)> AddAsync(ModelPackage package, CancellationToken cancellationToken = default) => _changes.RunAsync(
        async () =>
        {
            var loader = trials.LoaderOf(new PackageSource(package));
            var manifest = await loader.ReadManifestAsync(package.Manifest.Name, cancellationToken);
            ModelRules.Check(package, manifest);
            if (await shelf.FindShippedAsync(cancellationToken) is { } shipped && shipped.Version == manifest.Version)
            {
                throw new ModelException(ModelProblem.Conflict, $"{manifest.Version} is the version of the model that ships with the program. Give another one.");
            }

            await loader.TryEncoderAsync(package.Manifest.Name, cancellationToken);
            var text = await ReadAsync(package.Manifest, cancellationToken);
            await using var graph = package.Files.Single(f => f.Name == manifest.File).Open();
            var isNew = await shelf.AddAsync(
                manifest.Version, Encoding.UTF8.GetString(text), Convert.ToHexStringLower(SHA256.HashData(text)), manifest.File, graph, cancellationToken);
            return (await ViewAsync(await FindAsync(manifest.Version, cancellationToken), cancellationToken), isNew);
        },
        cancellationToken);

    public Task<ModelView> ActivateAsync(string version, CancellationToken cancellationToken = default) => _changes.RunAsync(
        async () => await ActivateAsync(
            await FindAsync(version, cancellationToken), await shelf.GetChoiceAsync(cancellationToken), cancellationToken),
        cancellationToken);

    public Task<ModelView> RollBackAsync(CancellationToken cancellationToken = default) => _changes.RunAsync(
        async () =>
        {
            var choice = await shelf.GetChoiceAsync(cancellationToken);
            var before = choice.Previous is { } version ? await FindAsync(version, cancellationToken)
                : choice.Active is null ? null
                : await shelf.FindShippedAsync(cancellationToken);
            return await ActivateAsync(
                before ?? throw new ModelException(ModelProblem.Conflict, "No model was active before this one."), choice, cancellationToken);
        },
        cancellationToken);

    public Task<ModelView> StartShadowAsync(string version, CancellationToken cancellationToken = default) => _changes.RunAsync(
        async () =>
        {
            var model = await FindAsync(version, cancellationToken);
            await runners.LoadAsync(model, cancellationToken);
            await runners.StartShadowAsync(model, cancellationToken);
            return await ViewAsync(model, cancellationToken);
        },
        cancellationToken);

    public Task<ModelView> StopShadowAsync(string version, CancellationToken cancellationToken = default) => _changes.RunAsync(
        async () =>
        {
            var model = await FindAsync(version, cancellationToken);
            var last = await ViewAsync(model, cancellationToken);
            if (last.State != RunningState.Shadowing)
            {
                throw new ModelException(ModelProblem.Conflict, $"{version} does not run as a shadow.");
            }

            await runners.StopShadowAsync(model, cancellationToken);
            return last;
        },
        cancellationToken);

    public Task RemoveAsync(string version, CancellationToken cancellationToken = default) => _changes.RunAsync(
        async () =>
        {
            var model = await FindAsync(version, cancellationToken);
            if (model.IsShipped)
            {
                throw new ModelException(ModelProblem.Conflict, $"{version} ships with the program.");
            }

            var state = (await runners.DescribeAsync(cancellationToken)).States.GetValueOrDefault(model.Id);
            if (state is RunningState.Active or RunningState.Shadowing)
            {
                throw new ModelException(
                    ModelProblem.Conflict, state == RunningState.Active ? $"{version} is active." : $"{version} runs as a shadow: stop that first.");
            }

            await shelf.RemoveAsync(version, cancellationToken);
            await runners.UnloadAsync(model, cancellationToken);
            return true;
        },
        cancellationToken);

    private async Task<ModelView> ActivateAsync(ShelvedModel model, ModelChoice choice, CancellationToken cancellationToken)
    {
        await runners.LoadAsync(model, cancellationToken);
        if (!await shelf.TryChooseAsync(choice, model, cancellationToken))
        {
            throw new ModelException(ModelProblem.Conflict, "Another model was chosen at the same moment. Look which one it is, and try again.");
        }

        await runners.ActivateAsync(model, cancellationToken);
        return await ViewAsync(model, cancellationToken);
    }

    private async Task<ShelvedModel> FindAsync(string version, CancellationToken cancellationToken) =>
        await shelf.FindAsync(version, cancellationToken) ?? throw new ModelException(ModelProblem.Unknown, $"There is no model of version '{version}'.");

    private static async Task<byte[]> ReadAsync(ModelPart part, CancellationToken cancellationToken)
    {
        await using var from = part.Open();
        using var into = new MemoryStream();
        await from.CopyToAsync(into, cancellationToken);
        return into.ToArray();
    }

    private async Task<ModelView> ViewAsync(ShelvedModel model, CancellationToken cancellationToken) =>
        View(model, await shelf.GetChoiceAsync(cancellationToken), await runners.DescribeAsync(cancellationToken));

    private static ModelView View(ShelvedModel model, ModelChoice choice, RunningState running) =>
        ModelViews.Of(model, running.States.GetValueOrDefault(model.Id), ModelShelf.IsChosen(model, choice), running.Shadow);
}
