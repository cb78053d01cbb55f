using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Inference.TestKit;

/// <summary>
/// A small sequence encoder of the specification's form with weights from a seed: as an ONNX graph around the GRU operator, and computed step by step in C#.
/// </summary>
public sealed class GruModel
{
    private const int Columns = TokenLayout.Columns;
    private readonly float[] _inputWeights;
    private readonly float[] _stateWeights;
    private readonly float[] _biases;
    private readonly float[] _embeddingWeights;
    private readonly float[] _headWeights;

    public GruModel(int seed, int stateSize = 8, int embeddingSize = 4, params int[] classes)
    {
        var random = new Random(seed);
        (StateSize, EmbeddingSize, Classes) = (stateSize, embeddingSize, classes.Length == 0 ? [3, 2] : classes);
        _inputWeights = Weights(random, 3 * stateSize * Columns, 0.1f);
        _stateWeights = Weights(random, 3 * stateSize * stateSize, 1f / MathF.Sqrt(stateSize));
        _biases = Weights(random, 6 * stateSize, 0.1f);
        _embeddingWeights = Weights(random, stateSize * embeddingSize, 0.5f);
        _headWeights = Weights(random, (embeddingSize + FeatureColumns) * Classes.Sum(), 0.3f);
    }

    public int StateSize { get; }

    public int EmbeddingSize { get; }

    public int FeatureColumns { get; init; } = FeatureSchema.Current.Count;

    /// <summary>Classes of each head.</summary>
    public int[] Classes { get; }

    /// <summary>Names of the graph's inputs, by the names of the specification, for graphs that break it.</summary>
    public Dictionary<string, string> Renamed { get; } = [];

    /// <summary>Whether the lengths are ignored, as a careless export does.</summary>
    public bool PaddingLeaks { get; init; }

    /// <summary>Adds the reciprocal of the first feature to the probabilities' logits: a feature of 0 makes the answer of its row NaN.</summary>
    public bool DividesByFirstFeature { get; init; }

    /// <summary>Looks the second feature up in a table of four: a feature of 4 or more fails the whole run.</summary>
    public bool LooksUpSecondFeature { get; init; }

    public byte[] ToOnnx()
    {
        var g = new GraphBuilder();
        var events = g.Input(Name("events"), false, "B", "T", Columns);
        var lengths = g.Input(Name("lengths"), true, "B");
        var state = g.Input(Name("state"), false, "B", StateSize);
        var features = g.Input(Name("features"), false, "B", FeatureColumns);

        // The operator's own rule for a length of 0 is not relied upon: such rows run one step and keep their state.
        var atLeastOne = g.ToInt32(g.Node("Max", [lengths, g.Longs(1)]));
        string[] inputs =
        [
            g.Node("Transpose", [events], ("perm", new long[] { 1, 0, 2 })),
            g.Floats(_inputWeights, 1, 3 * StateSize, Columns), g.Floats(_stateWeights, 1, 3 * StateSize, StateSize), g.Floats(_biases, 1, 6 * StateSize),
            PaddingLeaks ? "" : atLeastOne, g.Node("Unsqueeze", [state, g.Longs(0)]),
        ];
        var last = g.Nodes("GRU", inputs, 2, ("hidden_size", StateSize), ("linear_before_reset", 1))[1];
        var isEmpty = g.Node("Unsqueeze", [g.Node("Equal", [lengths, g.Scalar(0)]), g.Longs(1)]);
        var next = g.Node("Where", [isEmpty, state, g.Node("Squeeze", [last, g.Longs(0)])]);
        var embedding = g.Node("Tanh", [g.Node("MatMul", [next, g.Floats(_embeddingWeights, StateSize, EmbeddingSize)])]);
        var known = g.Node("Concat", [embedding, g.Node("Tanh", [features])], ("axis", 1));
        var logits = g.Node("MatMul", [known, g.Floats(_headWeights, EmbeddingSize + FeatureColumns, Classes.Sum())]);
        if (DividesByFirstFeature)
        {
            var first = g.Node("Slice", [features, g.Longs(0), g.Longs(1), g.Longs(1)]);
            logits = g.Node("Add", [logits, g.Node("Div", [g.Node("Sub", [first, first]), first])]);
        }

        if (LooksUpSecondFeature)
        {
            var index = g.Node("Cast", [g.Node("Slice", [features, g.Longs(1), g.Longs(2), g.Longs(1)])], ("to", 7));
            logits = g.Node("Add", [logits, g.Node("Gather", [g.Floats([0, 0, 0, 0], 4), index])]);
        }

        var heads = g.Nodes("Split", [logits, g.Longs([.. Classes.Select(c => (long)c)])], Classes.Length, ("axis", 1));
        var probabilities = g.Node("Concat", [.. heads.Select(h => g.Node("Softmax", [h], ("axis", 1)))], ("axis", 1));
        g.Output(Name("state_out"), next, "B", StateSize);
        g.Output(Name("embedding"), embedding, "B", EmbeddingSize);
        g.Output(Name("probabilities"), probabilities, "B", Classes.Sum());
        return g.Build();
    }

    /// <summary>One event, computed plainly: the GRU of Cho et al. 2014 with the reset gate after the matrix product, as PyTorch and cuDNN have it.</summary>
    public float[] Step(ReadOnlySpan<float> state, ReadOnlySpan<float> row)
    {
        var next = new float[StateSize];
        for (var i = 0; i < StateSize; i++)
        {
            // ONNX orders the gates update, reset, candidate; biases of the input come before those of the state.
            var update = Sigmoid(Input(0, i, row) + State(0, i, state));
            var reset = Sigmoid(Input(1, i, row) + State(1, i, state));
            var candidate = Math.Tanh(Input(2, i, row) + (reset * State(2, i, state)));
            next[i] = (float)(((1 - update) * candidate) + (update * state[i]));
        }

        return next;
    }

    /// <summary>The embedding of a state.</summary>
    public float[] Embed(ReadOnlySpan<float> state)
    {
        var embedding = new float[EmbeddingSize];
        for (var j = 0; j < EmbeddingSize; j++)
        {
            double sum = 0;
            for (var i = 0; i < StateSize; i++)
            {
                sum += state[i] * _embeddingWeights[(i * EmbeddingSize) + j];
            }

            embedding[j] = (float)Math.Tanh(sum);
        }

        return embedding;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static float[] Weights(Random random, int count, float scale) =>
        [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * scale)];

    private string Name(string name) => Renamed.GetValueOrDefault(name, name);

    private double Input(int gate, int unit, ReadOnlySpan<float> row)
    {
        var index = (gate * StateSize) + unit;
        double sum = _biases[index];
        for (var k = 0; k < Columns; k++)
        {
            sum += _inputWeights[(index * Columns) + k] * row[k];
        }

        return sum;
    }

    private double State(int gate, int unit, ReadOnlySpan<float> state)
    {
        var index = (gate * StateSize) + unit;
        double sum = _biases[(3 * StateSize) + index];
        for (var k = 0; k < StateSize; k++)
        {
            sum += _stateWeights[(index * StateSize) + k] * state[k];
        }

        return sum;
    }
}
