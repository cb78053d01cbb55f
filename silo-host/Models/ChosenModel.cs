using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>Brings a process to the model that the shop has chosen.</summary>
/// <param name="shelf">The models, and the choice.</param>
/// <param name="runtime">Runs the model; null where others do and it is enough to know it.</param>
internal sealed class ChosenModel(ModelShelf shelf, EncoderRuntime? runtime)
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private volatile string? _lacking;
    private long? _revision;
    private volatile EncoderModel? _known;

    /// <summary>Why no model is active; null while one is.</summary>
    public string? Lacking => Model is null ? _lacking : null;

    private EncoderModel? Model => runtime is null ? _known : runtime.Encoder.Model;

    /// <summary>
    /// Activates the chosen model; where it does not fit, the one before it or the shipped one. What is refused is told in the log, and stays chosen: another
    /// build may take it again. Nothing happens while the choice is the same.
    /// </summary>
    /// <returns>The active model; null when there is none.</returns>
    public async Task<EncoderModel?> RenewAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var choice = await shelf.GetChoiceAsync(cancellationToken);
            if (choice.Revision != _revision)
            {
                await TakeAsync([choice.Active, choice.Previous, null], cancellationToken);
                _revision = choice.Revision;
            }
            return Model;
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task TakeAsync(IEnumerable<string?> versions, CancellationToken cancellationToken)
    {
        if (runtime is { Registry: null })
        {
            _lacking = runtime.Missing;
            return;
        }

        string? refusal = null;
        foreach (var version in versions.Distinct())
        {
            var model = version is null ? await shelf.FindShippedAsync(cancellationToken) : await shelf.FindAsync(version, cancellationToken);
            try
            {
                if (model is not null && await TryTakeAsync(model, cancellationToken))
                {
                    return;
                }

                refusal ??= model?.Refusal;
            }
            catch (ModelRefusedException e)
            {
                refusal ??= e.Message;
            }
        }

        _known = null;
        _lacking = refusal ?? shelf.NoShipped;
    }

    private async Task<bool> TryTakeAsync(ShelvedModel model, CancellationToken cancellationToken)
    {
        if (runtime?.Registry is { } registry)
        {
            registry.Activate((await registry.LoadAsync(model.Source, model.File, cancellationToken)).Id);
            return true;
        }

        _known = model.Manifest?.ToEncoderModel();
        return _known is not null;
    }
}
