using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.Segments;

public sealed class EmbeddingSpaceTests
{
    private const string Model = "default 1";

    [Fact]
    public void Customer_with_an_embedding_of_the_model_is_placed_by_it()
    {
        var segmentation = WithEmbedding();
        Span<float> vector = stackalloc float[SegmentVector.SizeOf(segmentation)];

        SegmentVector.Write(segmentation, Customer(Model, 1, 1), 0, vector);
        Assert.Equal("browsing", segmentation.Segments[segmentation.Assign(vector, null).Index].Key);
        SegmentVector.Write(segmentation, Customer(Model, -1, -1), 0, vector);
        Assert.Equal("buying", segmentation.Segments[segmentation.Assign(vector, null).Index].Key);
    }

    [Fact]
    public void Customer_without_an_embedding_of_the_model_sits_at_the_mean_of_its_coordinates()
    {
        var segmentation = WithEmbedding();
        Span<float> vector = stackalloc float[SegmentVector.SizeOf(segmentation)];
        Span<float> point = stackalloc float[segmentation.Space.Dimensions];
        foreach (var encoder in (CustomerState[])[Customer(null, 0), Customer("default 2", 1, 1), Customer(Model, 1, 1, 1)])
        {
            SegmentVector.Write(segmentation, encoder, 0, vector);
            segmentation.Space.Project(vector, point);
            Assert.Equal(0, point[1]);
            Assert.Equal(0, point[2]);
        }
    }

    [Fact]
    public void Stored_embedding_gives_the_same_vector_as_the_customer()
    {
        float[] stored = [0.5f, -0.5f], block = new float[2], other = new float[2];

        Assert.True(SegmentVector.WriteStored(Model, Model, stored, block));
        Assert.Equal(stored, block);
        Assert.False(SegmentVector.WriteStored(Model, "default 2", stored, other));
        Assert.All(other, value => Assert.True(float.IsNaN(value)));
        Assert.False(SegmentVector.WriteStored(Model, Model, [1], other));
    }

    [Fact]
    public void Explanation_speaks_of_all_coordinates_together_and_names_none()
    {
        var segmentation = WithEmbedding();
        Span<float> vector = stackalloc float[SegmentVector.SizeOf(segmentation)];
        SegmentVector.Write(segmentation, Customer(Model, 1, 1), 0, vector);

        var contributions = segmentation.Explain(vector, segmentation.Assign(vector, null), out var text);

        Assert.Equal("Browsing rather than Buying because of a similar shopping sequence.", text);
        Assert.Equal(["embedding", "frequency"], contributions.Select(c => c.Feature));
        Assert.Equal((0.0, 0.0), (contributions[0].Value, contributions[0].Typical));
        Assert.InRange(contributions[0].Weight, 0.9, 1);
    }

    [Fact]
    public void Version_on_embeddings_survives_a_round_trip_in_a_format_that_older_readers_refuse()
    {
        var state = SegmentSamples.FullState() with { Fitted = WithEmbedding() };

        var bytes = state.ToBytes();
        var read = SegmentationState.Read(bytes).Fitted!;

        Assert.Equal([8, 2], bytes[..2]);
        Assert.Equal((Model, 2, "a note"), (read.EmbeddingModel, read.EmbeddingSize, read.Note));
        Assert.Equal(state.Fitted!.Space.Columns, read.Space.Columns);
    }

    [Fact]
    public void Customer_is_placed_by_the_mean_of_its_texts_where_the_version_rests_on_their_model()
    {
        var segmentation = WithTexts();
        Span<float> vector = stackalloc float[SegmentVector.SizeOf(segmentation)];
        SegmentVector.Write(segmentation, Writer("text 1"), 0, vector);
        Assert.Equal([0.75f, 0.75f], vector[^2..].ToArray());
        Assert.True(float.IsNaN(vector[FeatureSchema.Current.Count]));
        var choice = segmentation.Assign(vector, null);
        Assert.Equal("browsing", segmentation.Segments[choice.Index].Key);

        var contributions = segmentation.Explain(vector, choice, out var text);
        Assert.Equal("Browsing rather than Buying because of similar words in reviews and messages.", text);
        Assert.Equal("text", contributions[0].Feature);

        SegmentVector.Write(segmentation, Writer("text 2"), 0, vector);
        Assert.All(vector[^2..].ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Version_on_texts_survives_a_round_trip_in_a_format_that_older_readers_refuse()
    {
        var bytes = (SegmentSamples.FullState() with { Fitted = WithTexts() }).ToBytes();
        var read = SegmentationState.Read(bytes).Fitted!;
        Assert.Equal([8, 3], bytes[..2]);
        Assert.Equal(("text 1", 2), (read.TextModel, read.TextSize));
    }

    private static CustomerState Writer(string model)
    {
        var state = Customer(null);
        state.Apply(TextSamples.Review("r1", TextSamples.Embedding(model, 1, 0.5f)));
        state.Apply(TextSamples.Review("r2", TextSamples.Embedding(model, 0.5f, 1)));
        return state;
    }

    private static Segmentation WithTexts()
    {
        var coordinates = EmbeddingColumns.OfTexts(SegmentSamples.Schema, 2, 2).Select(column => new SegmentSpaceColumn
        {
            Feature = column.Name, Index = column.Index, Unit = column.Unit, IsLog = false, Mean = 0.25f, Deviation = 0.5f,
        });
        return new Segmentation(
            1,
            SegmentSamples.Schema.Hash,
            new SegmentSpace([SegmentSamples.Column("frequency", 0, 1), .. coordinates]),
            [SegmentSamples.Segment("browsing", 0, 1, 1), SegmentSamples.Segment("buying", 0, -1, -1)],
            0.5f)
        {
            EmbeddingModel = Model, EmbeddingSize = 2, TextModel = "text 1", TextSize = 2,
        };
    }

    private static CustomerState Customer(string? model, params float[] embedding)
    {
        var state = new CustomerState("c");
        state.Apply(new RandomCustomer(1).At(RandomCustomer.Epoch));
        state.Encoder = model is null ? null : new EncoderState(model, [0], embedding, []) { Seen = 1, LateCount = 0, LastMs = 0, AsOfMs = 0 };
        return state;
    }

    private static Segmentation WithEmbedding()
    {
        var coordinates = EmbeddingColumns.Of(SegmentSamples.Schema, 2).Select(column => new SegmentSpaceColumn
        {
            Feature = column.Name, Index = column.Index, Unit = column.Unit, IsLog = false, Mean = 0.25f, Deviation = 0.5f,
        });
        return new Segmentation(
            1,
            SegmentSamples.Schema.Hash,
            new SegmentSpace([SegmentSamples.Column("frequency", 0, 1), .. coordinates]),
            [SegmentSamples.Segment("browsing", 0, 1, 1), SegmentSamples.Segment("buying", 0, -1, -1)],
            0.5f)
        {
            EmbeddingModel = Model, EmbeddingSize = 2, Note = "a note",
        };
    }
}
