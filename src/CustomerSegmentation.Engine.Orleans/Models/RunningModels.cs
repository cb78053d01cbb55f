using System.Runtime.Serialization;
using CustomerSegmentation.Contracts.Models;

namespace CustomerSegmentation.Engine.Orleans.Models;

/// <summary>What one silo does with models.</summary>
[DataContract]
public sealed class RunningModels
{
    /// <summary>Whether models run there at all.</summary>
    [DataMember(Order = 0)] public bool Runs { get; init; }

    /// <summary>Why none is active; null while one is.</summary>
    [DataMember(Order = 1)] public string? Lacking { get; init; }

    /// <summary>Those that are loaded, and the state of each: <c>active</c>, <c>shadow</c> or <c>loaded</c>.</summary>
    [DataMember(Order = 2)] public IReadOnlyDictionary<string, string> States { get; init; } = new Dictionary<string, string>();

    /// <summary>How the shadow compares there; null without one.</summary>
    [DataMember(Order = 3)] public ShadowView? Shadow { get; init; }

    /// <summary>How the text model is doing there; null where no texts come.</summary>
    [DataMember(Order = 4)] public TextModelView? Text { get; init; }

    /// <summary>The same as of all silos: what they say where they agree, and their shadows' figures together.</summary>
    public static RunningModels Of(IReadOnlyList<RunningModels> silos)
    {
        var running = silos.Where(silo => silo.Runs).ToList();
        var text = Sum([.. silos.Where(silo => silo.Text is not null).Select(silo => silo.Text!)]);
        if (running.Count == 0)
        {
            return new RunningModels { Lacking = "no silo runs models (role inference)", Text = text };
        }
        return new RunningModels
        {
            Runs = true,
            Lacking = running.FirstOrDefault(silo => silo.Lacking is not null)?.Lacking,
            States = running.SelectMany(silo => silo.States)
                .GroupBy(state => state.Key, StringComparer.Ordinal)
                .ToDictionary(model => model.Key, model => Least([.. model.Select(state => state.Value)], running.Count), StringComparer.Ordinal),
            Shadow = Sum([.. running.Where(silo => silo.Shadow is not null).Select(silo => silo.Shadow!)]),
            Text = text,
        };
    }

    /// <summary>A model is as far as the silo that is least far; a shadow is one as soon as any silo has it so.</summary>
    private static string Least(string[] states, int silos) =>
        states.Contains("shadow") ? "shadow" : states.Length == silos && Array.TrueForAll(states, state => state == "active") ? "active" : "loaded";

    private static ShadowView? Sum(IReadOnlyList<ShadowView> shadows)
    {
        var compared = shadows.Sum(shadow => shadow.Compared);
        return shadows.Count == 0 ? null : new ShadowView
        {
            Compared = compared,
            Skipped = shadows.Sum(shadow => shadow.Skipped),
            MeanDifference = compared == 0 ? 0 : shadows.Sum(shadow => shadow.MeanDifference * shadow.Compared) / compared,
            MaxDifference = shadows.Max(shadow => shadow.MaxDifference),
            Agreement = compared == 0 ? null : shadows.Sum(shadow => (shadow.Agreement ?? 0) * shadow.Compared) / compared,
        };
    }

    private static TextModelView? Sum(IReadOnlyList<TextModelView> texts)
    {
        var having = texts.FirstOrDefault(text => text.Id is not null);
        return texts.Count == 0 ? null : new TextModelView
        {
            Id = having?.Id,
            Lacking = texts.FirstOrDefault(text => text.Lacking is not null)?.Lacking,
            EmbeddingSize = having?.EmbeddingSize ?? 0,
            Waiting = texts.Sum(text => text.Waiting),
            Embedded = texts.Sum(text => text.Embedded),
            LeftOut = texts.Sum(text => text.LeftOut),
        };
    }
}
