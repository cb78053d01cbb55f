using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.State;

public sealed class TextMeansTests
{
    private const string Model = "text 1";

    [Fact]
    public void Mean_is_that_of_all_texts_and_survives_a_snapshot()
    {
        var state = Applied([Review(Model, 0, 1, -2), Review(Model, 1, 2, 0.5f), Review(Model, 2, 0, 3)]);

        var read = CustomerState.Read(state.ToBytes());

        foreach (var mean in (TextMean[])[state.Texts!.Current!, read.Texts!.Current!])
        {
            Assert.Equal((Model, 3L, RandomCustomer.Epoch + 2), (mean.Model, mean.Count, mean.LastMs));
            Assert.Equal([1, 0.5f], mean.ToArray());
        }

        Assert.Equal(state.ToBytes(), read.ToBytes());
    }

    [Fact]
    public void Texts_in_any_order_give_the_same_means_to_the_last_bit() => Seeds.All(seed =>
    {
        var random = new Random(seed);
        var texts = new List<(TextEmbedding Embedding, long ReceivedMs)>();
        for (var i = 0; i < 40; i++)
        {
            var numbers = Enumerable.Range(0, 5).Select(_ => (float)Half.CreateSaturating((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-7, 5))));
            texts.Add((TextSamples.Embedding($"text {random.Next(4)}", [.. numbers]), random.Next(20)));
        }

        var shuffled = texts.ToArray();
        random.Shuffle(shuffled);
        Assert.Equal(Bytes(texts), Bytes(shuffled));
    });

    [Fact]
    public void Tiniest_and_largest_numbers_add_up_exactly()
    {
        var tiny = (float)Half.Epsilon;
        var mean = Applied([Review(Model, 0, tiny, 65_504), Review(Model, 1, tiny, -65_504), Review(Model, 2, tiny, 0)]).Texts!.Current!;
        Assert.Equal([tiny, 0], mean.ToArray());
    }

    [Fact]
    public void Another_model_begins_a_mean_of_its_own_and_the_former_one_finds_its_own_again()
    {
        var state = Applied([Review("text 1", 0, 1), Review("text 2", 1, 8)]);
        Assert.Equal(("text 2", 1L), (state.Texts!.Current!.Model, state.Texts.Current.Count));

        state.Apply(Review("text 1", 2, 3));

        Assert.Equal(("text 1", 2L), (state.Texts.Current!.Model, state.Texts.Current.Count));
        Assert.Equal([2], state.Texts.Current.ToArray());
    }

    [Fact]
    public void Text_of_a_former_model_that_comes_late_does_not_bring_it_back()
    {
        var state = Applied([Review("text 2", 5, 8), Review("text 1", 4, 1)]);
        Assert.Equal("text 2", state.Texts!.Current!.Model);
    }

    [Fact]
    public void Fifth_model_takes_the_place_of_the_one_of_the_oldest_texts()
    {
        var state = Applied([.. Enumerable.Range(1, 5).Select(i => Review($"text {6 - i}", i, i))]);
        Assert.Equal("text 1", state.Texts!.Current!.Model);

        // Text 5 was the oldest, so it begins anew; text 4 is older than all that are remembered now, so it does not count.
        state.Apply(Review("text 5", 9, 40));
        state.Apply(Review("text 4", 1, 40));
        Assert.Equal(("text 5", 1L), (state.Texts.Current!.Model, state.Texts.Current.Count));
        Assert.Equal([40], state.Texts.Current.ToArray());
    }

    [Theory]
    [InlineData("", new byte[] { 0, 60 })]
    [InlineData(Model, new byte[0])]
    [InlineData(Model, new byte[] { 0, 60, 0 })]
    [InlineData(Model, new byte[] { 0, 60, 0, 124 })]
    [InlineData(Model, new byte[] { 0, 60, 0, 126 })]
    public void Embedding_that_is_empty_or_holds_no_number_changes_nothing(string model, byte[] numbers)
    {
        var state = Applied([TextSamples.Review("m", new TextEmbedding { Model = model, Numbers = numbers })]);
        Assert.Null(state.Texts?.Current);
        Assert.Null(CustomerState.Read(state.ToBytes()).Texts);
    }

    [Fact]
    public void Customer_without_texts_has_a_state_as_before() => Assert.Null(Applied([TextSamples.Review("m", null)]).Texts);

    private static CustomerEvent Review(string model, long atMs, params float[] numbers) =>
        TextSamples.Review($"{model} {atMs}", TextSamples.Embedding(model, numbers), RandomCustomer.Epoch + atMs);

    private static CustomerState Applied(IEnumerable<CustomerEvent> events)
    {
        var state = new CustomerState("c");
        foreach (var e in events)
        {
            state.Apply(e);
        }

        return state;
    }

    /// <summary>The bytes of a state that differs in nothing but the order of its texts.</summary>
    private static byte[] Bytes(IEnumerable<(TextEmbedding Embedding, long ReceivedMs)> texts)
    {
        var state = new CustomerState("c") { Texts = new TextMeans() };
        foreach (var (embedding, receivedMs) in texts)
        {
            state.Texts.Add(embedding, receivedMs);
        }

        return state.ToBytes();
    }
}
