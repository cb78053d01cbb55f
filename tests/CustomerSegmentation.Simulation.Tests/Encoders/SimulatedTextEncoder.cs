using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Encoders.TestKit;
using CustomerSegmentation.Simulation.Tests.Disk;
using CustomerSegmentation.Simulation.Tests.Scheduling;

namespace CustomerSegmentation.Simulation.Tests.Encoders;

/// <summary>One process's text encoder: it answers within its limit of time, and leaves texts out.</summary>
internal sealed class SimulatedTextEncoder(SimulatedModels models, SimulatedContext context, SimulatedTime time) : ITextEncoder
{
    private const int LimitMs = 250;
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(15);

    public TextEncoderModel? Model => models.Text;

    public async ValueTask EmbedAsync(IReadOnlyList<string> texts, TextEmbedding?[] into, CancellationToken cancellationToken = default)
    {
        try
        {
            if (models.Fault == DeliberateFault.TextEncoderHangs && models.Chance(0.1))
            {
                await Task.Delay(Hang, time, cancellationToken);
            }
            if (models.Chance(models.FaultRate))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(models.Random.Next(1, LimitMs)), time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        await context.Yield();
        for (var i = 0; i < texts.Count; i++)
        {
            if (models.Text is { } model && !models.Chance(models.FaultRate))
            {
                into[i] = ScriptedTextEncoder.Compute(model, models.Fault == DeliberateFault.TextEncoderMixesTexts ? texts[^1] : texts[i]);
            }
        }
    }
}
