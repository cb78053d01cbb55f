using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>
/// A fitted segmentation version: the space, the segments, and the rule that places a customer. Immutable; read by any number of actors at once.
/// </summary>
public sealed class Segmentation
{
    /// <summary>Most segments of a version.</summary>
    public const int SegmentsMax = 32;

    private readonly float[] _centroids;
    private readonly float _inverseDoubleTemperature;

    /// <param name="version">From 1.</param>
    /// <param name="schemaHash">Hash of the feature schema that the space's indices refer to.</param>
    /// <param name="space">The space of the centroids.</param>
    /// <param name="segments">1 to <see cref="SegmentsMax"/>, keys unique, each centroid with one coordinate a dimension.</param>
    /// <param name="temperature">Above 0; see <see cref="Temperature"/>.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public Segmentation(int version, string schemaHash, SegmentSpace space, IReadOnlyList<Segment> segments, float temperature)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(segments);
        if (segments.Count is 0 or > SegmentsMax || segments.Select(s => s.Key).Distinct(StringComparer.Ordinal).Count() != segments.Count)
        {
            throw new ArgumentException($"A segmentation has 1 to {SegmentsMax} segments with different keys.", nameof(segments));
        }

        if (!(temperature > 0) || !float.IsFinite(temperature))
        {
            throw new ArgumentException($"The temperature is above zero, not {temperature}.", nameof(temperature));
        }

        Version = version;
        SchemaHash = schemaHash;
        Space = space;
        Segments = [.. segments];
        Temperature = temperature;
        _inverseDoubleTemperature = 1 / (2 * temperature);
        _centroids = new float[segments.Count * space.PaddedDimensions];
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Centroid.Length != space.Dimensions)
            {
                throw new ArgumentException($"The centroid of {segments[i].Key} does not have {space.Dimensions} coordinates.", nameof(segments));
            }

            segments[i].Centroid.Span.CopyTo(_centroids.AsSpan(i * space.PaddedDimensions));
        }
    }

    public int Version { get; }

    /// <summary>Hash of the feature schema that it was fitted on.</summary>
    public string SchemaHash { get; }

    public SegmentSpace Space { get; }

    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>
    /// Spread T of the probabilities softmax(−d²/2T) over squared distances d². It is fitted so that the probabilities predict where a clustering of other
    /// customers of the same shop would put a customer (temperature scaling, Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2).
    /// </summary>
    public float Temperature { get; }

    /// <summary>
    /// Hysteresis, 0 to below 1: a customer leaves a segment only for one whose squared distance is smaller by more than this part.
    /// </summary>
    public float StayMargin { get; init; } = 0.1f;

    /// <summary>The time that the features were brought to, milliseconds since 1970-01-01 UTC.</summary>
    public long ReferenceTimeMs { get; init; }

    /// <summary>Customers known at the fit.</summary>
    public long Customers { get; init; }

    /// <summary>Seed of every random choice.</summary>
    public int Seed { get; init; }

    public SegmentationMetrics Metrics { get; init; } = new();

    /// <summary>The version that keys were matched against; null for the first.</summary>
    public int? Previous { get; init; }

    public IReadOnlyList<SegmentLineage> Lineage { get; init; } = [];

    /// <summary>Who would move where on activation, against <see cref="Previous"/>.</summary>
    public IReadOnlyList<SegmentFlow> Moves { get; init; } = [];

    /// <summary>Name and version of the model whose embedding lies behind the features; empty where features alone place customers.</summary>
    public string EmbeddingModel { get; init; } = "";

    /// <summary>Numbers in that embedding; 0 where there is none.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>Name and version of the text model whose mean lies behind that; empty where texts place nobody.</summary>
    public string TextModel { get; init; } = "";

    /// <summary>Numbers in that mean; 0 where there is none.</summary>
    public int TextSize { get; init; }

    /// <summary>What the people who asked for the version should know of its making; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Every key that any version ever gave: a key is never given to another segment.</summary>
    public IReadOnlyList<string> KeysGiven { get; init; } = [];

    /// <summary>Position of a segment by key, or -1.</summary>
    public int IndexOf(string? key)
    {
        for (var i = 0; i < Segments.Count; i++)
        {
            if (Segments[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// The nearest segment, or the customer's current one while no other is clearly nearer (<see cref="StayMargin"/>). Allocates nothing.
    /// </summary>
    /// <param name="features">Features in the order of the feature schema.</param>
    /// <param name="currentKey">The customer's segment; null, or a key that this version lacks, for none.</param>
    public SegmentChoice Assign(ReadOnlySpan<float> features, string? currentKey) =>
        Assign(features, currentKey is null ? -1 : IndexOf(currentKey));

    /// <summary>As the other overload, with the current segment by position; -1 for none.</summary>
    public SegmentChoice Assign(ReadOnlySpan<float> features, int current)
    {
        Span<float> point = stackalloc float[Space.PaddedDimensions];
        Space.ProjectPadded(features, point);
        Span<float> distances = stackalloc float[Segments.Count];
        Distances(point, distances);
        return Choose(distances, current);
    }

    /// <summary>Squared distances of a feature vector to the centroids. Allocates nothing.</summary>
    /// <param name="features">Features in the order of the feature schema.</param>
    /// <param name="distances">One place a segment.</param>
    public void SquaredDistances(ReadOnlySpan<float> features, Span<float> distances)
    {
        Span<float> point = stackalloc float[Space.PaddedDimensions];
        Space.ProjectPadded(features, point);
        Distances(point, distances[..Segments.Count]);
    }

    /// <summary>
    /// The time at which time alone may move the customer to another segment, within <see cref="SegmentForecast.HorizonDays"/>;
    /// <see cref="long.MaxValue"/> for none. Allocates nothing.
    /// </summary>
    /// <param name="features">Features as of <paramref name="asOfMs"/>.</param>
    /// <param name="asOfMs">Milliseconds since 1970-01-01 UTC.</param>
    /// <param name="choice">The choice made for these features.</param>
    public long NextCheckMs(ReadOnlySpan<float> features, long asOfMs, SegmentChoice choice) =>
        SegmentForecast.NextCheckMs(this, features, asOfMs, choice.Index);

    /// <summary>Why a customer is in a segment and not in the next best.</summary>
    /// <param name="features">Features in the order of the feature schema.</param>
    /// <param name="choice">The choice made for these features.</param>
    /// <param name="text">One or two sentences.</param>
    /// <returns>Strongest first, at most 8.</returns>
    public IReadOnlyList<FeatureContribution> Explain(ReadOnlySpan<float> features, SegmentChoice choice, out string text) =>
        SegmentExplainer.Explain(this, features, choice, out text);

    private void Distances(ReadOnlySpan<float> point, Span<float> distances)
    {
        ref var centroid = ref MemoryMarshal.GetArrayDataReference(_centroids);
        ref var origin = ref MemoryMarshal.GetReference(point);
        for (var segment = 0; segment < distances.Length; segment++)
        {
            var sum = Vector<float>.Zero;
            for (var i = 0; i < point.Length; i += Vector<float>.Count)
            {
                var difference = Vector.LoadUnsafe(ref origin, (nuint)i) - Vector.LoadUnsafe(ref centroid, (nuint)i);
                sum += difference * difference;
            }

            distances[segment] = Vector.Sum(sum);
            centroid = ref Unsafe.Add(ref centroid, point.Length);
        }
    }

    private SegmentChoice Choose(Span<float> distances, int current)
    {
        var best = 0;
        for (var i = 1; i < distances.Length; i++)
        {
            best = distances[i] < distances[best] ? i : best;
        }

        var stays = (uint)current < (uint)distances.Length && distances[best] >= (1 - StayMargin) * distances[current];
        var chosen = stays ? current : best;
        var runnerUp = -1;
        var total = 0f;
        var nearest = distances[best];
        for (var i = 0; i < distances.Length; i++)
        {
            if (i != chosen && (runnerUp < 0 || distances[i] < distances[runnerUp]))
            {
                runnerUp = i;
            }

            total += MathF.Exp((nearest - distances[i]) * _inverseDoubleTemperature);
        }

        var probability = MathF.Exp((nearest - distances[chosen]) * _inverseDoubleTemperature) / total;
        var second = runnerUp < 0 ? 0 : MathF.Exp((nearest - distances[runnerUp]) * _inverseDoubleTemperature) / total;
        return new SegmentChoice(chosen, probability, runnerUp, second);
    }
}
