namespace CustomerSegmentation.Inference.TestKit;

/// <summary>A tiny text encoder: a table of word piece vectors, plainly or with the mean already taken.</summary>
/// <param name="pieces">Pieces in the vocabulary.</param>
/// <param name="size">Numbers in a vector; that of piece p at place i is p + i / 10.</param>
public sealed class TextModel(int pieces, int size)
{
    /// <param name="isPooled">Whether the graph gives an embedding rather than the hidden state of each piece.</param>
    /// <param name="hasTypes">Whether it takes token types.</param>
    public byte[] ToOnnx(bool isPooled, bool hasTypes)
    {
        var g = new GraphBuilder();
        var ids = g.Input("input_ids", true, "B", "T");
        var mask = g.Input("attention_mask", true, "B", "T");
        var table = g.Floats([.. Enumerable.Range(0, pieces * size).Select(i => Entry(i / size, i % size))], pieces, size);
        var vectors = g.Node("Gather", [table, ids]);
        if (hasTypes)
        {
            var types = g.Node("Unsqueeze", [g.ToFloat(g.Input("token_type_ids", true, "B", "T")), g.Longs(2)]);
            vectors = g.Node("Add", [vectors, types]);
        }

        if (isPooled)
        {
            var weights = g.Node("Unsqueeze", [g.ToFloat(mask), g.Longs(2)]);
            var sum = g.Node("ReduceSum", [g.Node("Mul", [vectors, weights]), g.Longs(1)], ("keepdims", 0));
            g.Output("embedding", g.Node("Div", [sum, g.Node("ReduceSum", [weights, g.Longs(1)], ("keepdims", 0))]), "B", size);
        }
        else
        {
            // The mask is used, so that it is an input of the graph, and adds nothing.
            var nothing = g.Node("Unsqueeze", [g.ToFloat(g.Node("Sub", [mask, mask])), g.Longs(2)]);
            g.Output("last_hidden_state", g.Node("Add", [vectors, nothing]), "B", "T", size);
        }

        return g.Build();
    }

    /// <summary>The vector's number at a place.</summary>
    public static float Entry(int piece, int place) => piece + (place / 10f);
}
