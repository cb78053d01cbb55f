using System.Security.Cryptography;
using System.Text;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Engine.Encoders;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Storage.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>
/// The models of a shop in this process: what is on the shelf, and what of it the registry runs. A change is stored before it takes effect, and nothing is
/// stored that was not tried.
/// </summary>
internal sealed class ModelCatalogue(ModelShelf shelf, EncoderRuntime runtime) : IModelCatalogue
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private volatile string? _lacking;

    /// <summary>How far the engine's customers are read; null where no service runs, only a command.</summary>
    public Func<EncodingProgress>? Progress { get; set; }

    /// <summary>Why no model is active; null while one is.</summary>
    public string? Lacking => runtime.Registry?.Model is null ? _lacking : null;

    /// <summary>
    /// Activates the chosen model; where it does not fit, the one before it or the shipped one. What is refused is told in the log, and stays chosen: another
    /// build may take it again.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (runtime.Registry is not { } registry)
        {
            _lacking = runtime.Missing;
            return;
        }

        var choice = await shelf.GetChoiceAsync(cancellationToken);
        string? refusal = null;
        foreach (var version in new[] { choice.Active, choice.Previous, null }.Distinct())
        {
            var model = version is null ? await shelf.FindShippedAsync(cancellationToken) : await shelf.FindAsync(version, cancellationToken);
            try
            {
                if (model is not null)
                {
                    registry.Activate((await registry.LoadAsync(model.Source, model.File, cancellationToken)).Id);
                    return;
                }
            }
            catch (ModelRefusedException e)
            {
                refusal ??= e.Message;
            }
        }

        _lacking = refusal ?? shelf.NoShipped;
    }

    public async Task<ModelsView> ListAsync(CancellationToken cancellationToken = default)
    {
        var choice = await shelf.GetChoiceAsync(cancellationToken);
        var progress = Progress?.Invoke();
        return new ModelsView
        {
            Items = [.. (await shelf.ListAsync(cancellationToken)).Select(model => View(model, choice))],
            Lacking = Progress is null ? null : Lacking,
            Encoding = progress?.Model is null ? null : new EncodingView
            {
                Waiting = progress.Waiting,
                Paused = progress.Paused,
                Sweeping = progress.IsSweeping,
                Customers = progress.Customers,
                Looked = progress.Looked,
                Woken = progress.Woken,
                Readings = progress.Readings,
                ReadingsPerSecond = progress.ReadingsPerSecond,
                Refused = progress.Refused,
            },
        };
    }

    public Task<(ModelView Model, bool IsNew)> AddAsync(ModelPackage package, CancellationToken cancellationToken = default) => ChangeAsync(
        async () =>
        {
            var loader = runtime.LoaderOf(new PackageSource(package));
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

    public Task<ModelView> ActivateAsync(string version, CancellationToken cancellationToken = default) => ChangeAsync(
        async () => await ActivateAsync(
            await FindAsync(version, cancellationToken), await shelf.GetChoiceAsync(cancellationToken), cancellationToken),
        cancellationToken);

    public Task<ModelView> RollBackAsync(CancellationToken cancellationToken = default) => ChangeAsync(
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

    public Task<ModelView> StartShadowAsync(string version, CancellationToken cancellationToken = default) => ChangeAsync(
        async () =>
        {
            if (Progress is null)
            {
                throw new ModelException(ModelProblem.Conflict, "A shadow runs beside the active model of a service, and no service runs on this shop.");
            }

            var model = await FindAsync(version, cancellationToken);
            var registry = runtime.RequireRegistry();
            var loaded = await registry.LoadAsync(model.Source, model.File, cancellationToken);
            registry.StartShadow(loaded.Id);
            return await ViewAsync(model, cancellationToken);
        },
        cancellationToken);

    public Task<ModelView> StopShadowAsync(string version, CancellationToken cancellationToken = default) => ChangeAsync(
        async () =>
        {
            var model = await FindAsync(version, cancellationToken);
            var last = await ViewAsync(model, cancellationToken);
            if (last.Shadow is null)
            {
                throw new ModelException(ModelProblem.Conflict, $"{version} does not run as a shadow.");
            }

            runtime.RequireRegistry().StopShadow();
            return last;
        },
        cancellationToken);

    public Task RemoveAsync(string version, CancellationToken cancellationToken = default) => ChangeAsync(
        async () =>
        {
            var model = await FindAsync(version, cancellationToken);
            if (model.IsShipped)
            {
                throw new ModelException(ModelProblem.Conflict, $"{version} ships with the program.");
            }

            if (Loaded(model) is { State: not ModelState.Loaded and var state })
            {
                throw new ModelException(ModelProblem.Conflict, state == ModelState.Active ? $"{version} is active." : $"{version} runs as a shadow: stop that first.");
            }

            await shelf.RemoveAsync(version, cancellationToken);
            await (runtime.Registry?.UnloadAsync(model.Id) ?? Task.CompletedTask);
            return true;
        },
        cancellationToken);

    private async Task<ModelView> ActivateAsync(ShelvedModel model, ModelChoice choice, CancellationToken cancellationToken)
    {
        var registry = runtime.RequireRegistry();
        var loaded = await registry.LoadAsync(model.Source, model.File, cancellationToken);
        if (!await shelf.TryChooseAsync(choice, model, cancellationToken))
        {
            throw new ModelException(ModelProblem.Conflict, "Another model was chosen at the same moment. Look which one it is, and try again.");
        }

        registry.Activate(loaded.Id);
        return await ViewAsync(model, cancellationToken);
    }

    /// <summary>One change at a time; what goes wrong with a model is told in the terms of the catalogue.</summary>
    private async Task<T> ChangeAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        catch (Exception e) when (e is ModelRefusedException or InvalidDataException or ArgumentException)
        {
            throw new ModelException(ModelProblem.Refused, e.Message, e);
        }
        catch (KeyNotFoundException e)
        {
            throw new ModelException(ModelProblem.Unknown, e.Message, e);
        }
        catch (Exception e) when (e is ModelConflictException || (e is InvalidOperationException and not ObjectDisposedException))
        {
            throw new ModelException(ModelProblem.Conflict, e.Message, e);
        }
        finally
        {
            _changing.Release();
        }
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
        View(model, await shelf.GetChoiceAsync(cancellationToken));

    private ModelView View(ShelvedModel model, ModelChoice choice) =>
        ModelViews.Of(model, Loaded(model), ModelShelf.IsChosen(model, choice), runtime.Registry?.ShadowReport);

    private ModelStatus? Loaded(ShelvedModel model) => runtime.Registry?.Models.FirstOrDefault(loaded => loaded.Id == model.Id);
}
