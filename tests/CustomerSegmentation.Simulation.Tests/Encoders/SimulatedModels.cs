using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Encoders.TestKit;
using CustomerSegmentation.Simulation.Tests.Disk;

namespace CustomerSegmentation.Simulation.Tests.Encoders;

/// <summary>Which models all processes have at present, and how often reading goes wrong.</summary>
internal sealed class SimulatedModels(Random random, DeliberateFault fault, double faultRate)
{
    private const double AwayChance = 0.25;

    private readonly CancellationTokenSource _rest = new();
    private int _version = 1;
    private bool _isAway;

    public DeliberateFault Fault { get; } = fault;

    /// <summary>Chance that a request goes wrong; zero once the shop comes to rest.</summary>
    public double FaultRate { get; private set; } = faultRate;

    /// <summary>The current sequence model; null while there is none.</summary>
    public EncoderModel? Sequence { get; private set; } = Folding.ModelOf(1);

    /// <summary>The current text model; null while there is none.</summary>
    public TextEncoderModel? Text { get; private set; } = ScriptedTextEncoder.ModelOf("1");

    public Random Random { get; } = random;

    /// <summary>Cancelled when faults stop.</summary>
    public CancellationToken Rest => _rest.Token;

    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>Another model becomes current, an earlier one again, or none for a while.</summary>
    public void Switch()
    {
        _isAway = !_isAway && Chance(AwayChance);
        _version = Random.Next(1, 4);
        Sequence = _isAway ? null : Folding.ModelOf(_version);
        Text = _isAway ? null : ScriptedTextEncoder.ModelOf($"{_version}");
    }

    /// <summary>From now on nothing goes wrong.</summary>
    public void ComeToRest()
    {
        FaultRate = 0;
        Sequence ??= Folding.ModelOf(_version);
        Text ??= ScriptedTextEncoder.ModelOf($"{_version}");
        _rest.Cancel();
    }
}
