using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Inference.TestKit;

namespace CustomerSegmentation.Benchmarks.Encoders;

/// <summary>
/// A graph of the size and make of a default model, with weights from a seed: tokens as sums of learned vectors, a GRU, an embedding of length 1, features in
/// steps, softmax heads.
/// </summary>
internal static class ShopGraph
{
    private const int Width = 48;
    private const int StateSize = 96;
    private const int EmbeddingSize = 32;
    private const int Bins = 12;
    private static readonly int[] Classes = [3, 2, 2];

    public static EncoderModel Model { get; } = new("bench", "1", StateSize, EmbeddingSize, FeatureSchema.Current.Count, [.. Classes.Select((count, head) =>
        ($"head{head}", (IReadOnlyList<string>)[.. Enumerable.Range(0, count).Select(c => $"class{c}")]))]);

    public static byte[] ToOnnx()
    {
        var random = new Random(1);
        var g = new GraphBuilder();
        string Weights(params long[] shape) =>
            g.Floats([.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (random.NextSingle() - 0.5f) * 0.2f)], shape);

        var events = g.Input("events", false, "B", "T", TokenLayout.Columns);
        var lengths = g.Input("lengths", true, "B");
        var state = g.Input("state", false, "B", StateSize);
        var features = g.Input("features", false, "B", FeatureSchema.Current.Count);
        var tokens = g.Node("MatMul", [events, Weights(TokenLayout.Columns, Width)]);
        foreach (var (column, values) in ((int, int)[])[(0, 21), (6, TokenLayout.CategoryValues), (7, TokenLayout.ProductValues), (8, 7), (9, 5)])
        {
            var index = g.Node("Cast", [g.Node("Gather", [events, g.Scalar(column)], ("axis", 2))], ("to", 7));
            tokens = g.Node("Add", [tokens, g.Node("Gather", [Weights(values, Width), index])]);
        }

        var steps = g.Node("Transpose", [g.Node("Relu", [tokens])], ("perm", new long[] { 1, 0, 2 }));
        var last = g.Nodes(
            "GRU",
            [
                steps, Weights(1, 3 * StateSize, Width), Weights(1, 3 * StateSize, StateSize), Weights(1, 6 * StateSize),
                g.ToInt32(g.Node("Max", [lengths, g.Longs(1)])), g.Node("Unsqueeze", [state, g.Longs(0)]),
            ],
            2,
            ("hidden_size", StateSize),
            ("linear_before_reset", 1))[1];
        var isEmpty = g.Node("Unsqueeze", [g.Node("Equal", [lengths, g.Scalar(0)]), g.Longs(1)]);
        var next = g.Node("Where", [isEmpty, state, g.Node("Squeeze", [last, g.Longs(0)])]);
        var raw = g.Node("MatMul", [next, Weights(StateSize, EmbeddingSize)]);
        var embedding = g.Node("Div", [raw, g.Node("ReduceL2", [raw], ("axes", new long[] { 1 }))]);
        var binned = g.Node("Add", [g.Node("Mul", [g.Node("Unsqueeze", [features, g.Longs(2)]), Weights(Bins)]), Weights(Bins)]);
        var known = g.Node("Concat", [embedding, g.Node("Flatten", [g.Node("HardSigmoid", [binned])])], ("axis", 1));
        var logits = g.Node("MatMul", [known, Weights(EmbeddingSize + (FeatureSchema.Current.Count * Bins), Classes.Sum())]);
        var heads = g.Nodes("Split", [logits, g.Longs([.. Classes.Select(c => (long)c)])], Classes.Length, ("axis", 1));
        g.Output("state_out", next, "B", StateSize);
        g.Output("embedding", embedding, "B", EmbeddingSize);
        g.Output("probabilities", g.Node("Concat", [.. heads.Select(h => g.Node("Softmax", [h], ("axis", 1)))], ("axis", 1)), "B", Classes.Sum());
        return g.Build();
    }
}
