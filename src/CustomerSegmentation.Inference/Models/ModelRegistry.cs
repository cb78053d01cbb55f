using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.Inference.Onnx;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Inference.Models;

/// <summary>
/// The sequence encoders that are loaded: one is active, others wait, one may run as a shadow. A model is loaded, checked and warmed up beside the active one;
/// activation only changes where new requests are begun. Requests that were begun for the model before are still answered by it, so a switch has no gap.
/// For any number of threads.
/// </summary>
public sealed class ModelRegistry : IEncoder, IAsyncDisposable
{
    private readonly OnnxRuntime _runtime;
    private readonly InferenceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly InferenceMetrics _metrics = new();
    private readonly EncoderRequestPool _requests;
    private readonly SemaphoreSlim _changing = new(1, 1);

    // Replaced, never changed: requests read it without a lock. Ordered by when a model was last needed, the latest first.
    private volatile LoadedModel[] _loaded = [];
    private volatile LoadedModel? _active;
    private LoadedModel? _before;
    private LoadedModel? _shadowed;
    private Shadow? _shadow;
    private volatile bool _stopped;

    public ModelRegistry(OnnxRuntime runtime, InferenceOptions options, TimeProvider time, ILogger<ModelRegistry> logger)
    {
        (_runtime, _options, _time, _logger) = (runtime, options, time, logger);
        _requests = new EncoderRequestPool(options.RequestsKeptMax);
        _metrics.Watch(() => _loaded.Sum(m => m.Pool.Queue.Waiting));
    }

    /// <inheritdoc/>
    public EncoderModel? Model => _active?.Pool.Model;

    /// <summary>The models that are loaded.</summary>
    public IReadOnlyList<ModelStatus> Models => [.. _loaded.Select(Status)];

    /// <summary>How the shadow compares so far; null without one.</summary>
    public ShadowReport? ShadowReport => Volatile.Read(ref _shadow)?.Report();

    /// <inheritdoc/>
    public EncoderRequest Rent(EncoderModel model, ulong customer) => _requests.Rent(model, customer);

    /// <inheritdoc/>
    public void Return(EncoderRequest request) => _requests.Return(request);

    /// <inheritdoc/>
    public ValueTask<EncoderOutcome> EncodeAsync(EncoderRequest request, CancellationToken cancellationToken = default)
    {
        var active = _active;
        if (active is not null && ReferenceEquals(active.Pool.Model, request.Model))
        {
            return active.Pool.EncodeAsync(request, cancellationToken);
        }

        foreach (var model in _loaded)
        {
            if (ReferenceEquals(model.Pool.Model, request.Model))
            {
                return model.Pool.EncodeAsync(request, cancellationToken);
            }
        }

        var outcome = _stopped || active is null ? EncoderOutcome.Unavailable : EncoderOutcome.OtherModel;
        var task = request.Start(cancellationToken);
        _metrics.Ended(outcome, 1);
        request.Complete(outcome);
        return task;
    }

    /// <summary>
    /// Loads a model beside the others, checks it and warms it up. When too many are loaded, the one that was not needed for longest leaves, after its requests.
    /// </summary>
    /// <param name="source">Where its files are.</param>
    /// <param name="file">Name of the manifest.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="ModelRefusedException">The model does not fit. Nothing else changed.</exception>
    public async Task<ModelStatus> LoadAsync(IModelSource source, string file, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            var loader = new ModelLoader(_runtime, source, _options);
            var manifest = await loader.ReadManifestAsync(file, cancellationToken);
            if (_loaded.FirstOrDefault(m => m.Id == manifest.Id) is { } same)
            {
                return same.Manifest.Sha256.Equals(manifest.Sha256, StringComparison.OrdinalIgnoreCase) ? Status(same) : throw new ModelRefusedException(
                    file, ModelFault.Manifest, $"{same.Id} is loaded already, with another graph: sha256 {same.Manifest.Sha256}, not {manifest.Sha256}");
            }

            var model = await loader.OpenEncoderAsync(file, _time, _metrics, _logger, cancellationToken);
            _loaded = [model, .. _loaded];
            InferenceLog.Loaded(_logger, model.Id, file);
            await UnloadSurplusAsync();
            return Status(model);
        }
        catch (ModelRefusedException e)
        {
            InferenceLog.Refused(_logger, e.File, e.Difference);
            throw;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Begins new requests for this model from now on.</summary>
    /// <param name="id">Name and version of a loaded model.</param>
    /// <exception cref="KeyNotFoundException">It is not loaded.</exception>
    public void Activate(string id)
    {
        using var _ = Change();
        Activate(Find(id));
    }

    /// <summary>Lets go of a model that is neither active nor a shadow, after its requests; nothing when it is not loaded.</summary>
    /// <exception cref="InvalidOperationException">It is in use.</exception>
    public async Task UnloadAsync(string id)
    {
        await _changing.WaitAsync();
        try
        {
            if (_loaded.FirstOrDefault(m => m.Id == id) is not { } model)
            {
                return;
            }

            if (model == _active || model == _shadowed)
            {
                throw new InvalidOperationException($"{id} is {(model == _active ? "active" : "the shadow")}.");
            }

            await UnloadAsync(model);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Runs a loaded model beside the active one and compares their answers, until <see cref="StopShadow"/> or the next activation.</summary>
    /// <exception cref="KeyNotFoundException">It is not loaded.</exception>
    /// <exception cref="InvalidOperationException">It is the active one, or there is no active one.</exception>
    public void StartShadow(string id)
    {
        using var _ = Change();
        var model = Find(id);
        var active = _active;
        if (active is null || active == model)
        {
            throw new InvalidOperationException($"{id} cannot be the shadow of {active?.Id ?? "no model"}.");
        }

        EndShadow();
        _shadowed = model;
        Volatile.Write(ref _shadow, new Shadow(active.Pool.Model, model.Pool, _requests, _options.ShadowCustomersMax, _logger));
        active.Pool.Observer = _shadow!.Observe;
        InferenceLog.ShadowStarted(_logger, id, active.Id);
    }

    /// <summary>Ends the comparison; its report is gone with it.</summary>
    public void StopShadow()
    {
        using var _ = Change();
        EndShadow();
    }

    /// <summary>Answers what waits, refuses what comes, and unloads all models.</summary>
    public async ValueTask DisposeAsync()
    {
        await _changing.WaitAsync();
        try
        {
            _stopped = true;
            EndShadow();
            _active = null;
            var models = _loaded;
            _loaded = [];
            foreach (var model in models)
            {
                await model.Pool.DisposeAsync();
            }

            _metrics.Dispose();
        }
        finally
        {
            _changing.Release();
        }
    }

    private Releaser Change()
    {
        _changing.Wait();
        return new Releaser(_changing);
    }

    private LoadedModel Find(string id) => _loaded.FirstOrDefault(m => m.Id == id)
        ?? throw new KeyNotFoundException($"{id} is not loaded; loaded are: {string.Join(", ", _loaded.Select(m => m.Id))}");

    private void Activate(LoadedModel model)
    {
        if (model == _active)
        {
            return;
        }

        EndShadow();
        _before = _active;
        _active = model;
        _loaded = [model, .. _loaded.Where(m => m != model)];
        InferenceLog.Activated(_logger, model.Id, _before?.Id ?? "none");
    }

    private void EndShadow()
    {
        if (_active is { } active)
        {
            active.Pool.Observer = null;
        }

        _shadowed = null;
        Volatile.Write(ref _shadow, null);
    }

    private async Task UnloadSurplusAsync()
    {
        while (_loaded.Length > _options.ModelsLoadedMax)
        {
            // The first is the one just loaded.
            var idle = _loaded.Skip(1).LastOrDefault(m => m != _active && m != _shadowed && m != _before) ?? _before;
            if (idle is null)
            {
                return;
            }

            await UnloadAsync(idle);
        }
    }

    private async Task UnloadAsync(LoadedModel model)
    {
        _before = model == _before ? null : _before;
        _loaded = [.. _loaded.Where(m => m != model)];
        await model.Pool.DisposeAsync();
    }

    private ModelStatus Status(LoadedModel model) =>
        new(model.Id, model.File, model == _active ? ModelState.Active : model == _shadowed ? ModelState.Shadow : ModelState.Loaded, model.Manifest);

    private readonly struct Releaser(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
