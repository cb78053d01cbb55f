using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.State;

/// <summary>
/// Bytes that an earlier version wrote are read by this one. The file is never written anew: a state that grows gets a file of its own beside it.
/// </summary>
public sealed class GoldenStateTests
{
    [Fact]
    public void Read_the_state_that_version_1_wrote_gives_what_it_held()
    {
        var state = CustomerState.Read(File.ReadAllBytes(GoldenFile("customer-state-v1.bin")));
        var expected = Expected();
        Assert.Equal("golden-customer", state.CustomerId);
        Assert.Equal(expected.Sequence, state.Sequence);
        Assert.Equal(expected.Assignment, state.Assignment);
        Assert.Equal(expected.Traits.Values, state.Traits.Values);
        Assert.Equal(expected.JoinedIds, state.JoinedIds);
        Assert.Equal(expected.PendingJoins, state.PendingJoins);
        Assert.Equal(expected.Audiences, state.Audiences);
        Assert.Equivalent(expected.Transitions, state.Transitions, strict: true);
        Assert.Equal(expected.Ring.Tokens.ToArray(), state.Ring.Tokens.ToArray());
        Assert.True(state.Duplicates.Contains("m42-0"));
        Assert.Null(state.Encoder);
        var asOf = expected.Features.LastSeenMs + RandomCustomer.DayMs;
        Vectors.Equal(Vectors.At(expected.Features, asOf), Vectors.At(state.Features, asOf), relative: 1e-6);
    }

    [Fact]
    public void Read_the_state_with_an_encoder_that_was_written_first_gives_what_it_held()
    {
        var read = CustomerState.Read(File.ReadAllBytes(GoldenFile("customer-state-v1-encoder.bin")));
        var expected = ExpectedEncoder();
        var encoder = read.Encoder!;
        Assert.Equal(expected.Model, encoder.Model);
        Assert.Equal((expected.Seen, expected.LateCount, expected.LastMs, expected.AsOfMs), (encoder.Seen, encoder.LateCount, encoder.LastMs, encoder.AsOfMs));
        float[] embedding = new float[2], state = new float[3], probabilities = new float[2];
        encoder.CopyState(state);
        encoder.CopyEmbedding(embedding);
        encoder.CopyProbabilities(probabilities);
        Assert.Equal([1.5f, -0.25f, 8], state);
        Assert.Equal([0.5f, -0.5f], embedding);
        Assert.Equal([0.75f, 0.25f], probabilities);
        Assert.Equal(Expected().Ring.Tokens.ToArray(), read.Ring.Tokens.ToArray());
    }

    [Fact]
    public void Read_the_state_with_texts_that_was_written_first_gives_what_it_held()
    {
        var read = CustomerState.Read(File.ReadAllBytes(GoldenFile("customer-state-v1-texts.bin")));
        Assert.Equal(("text 2", 1L, 1_600_000_000_009), (read.Texts!.Current!.Model, read.Texts.Current.Count, read.Texts.Current.LastMs));
        Assert.Equal([-4], read.Texts.Current.ToArray());
        read.Texts.Add(TextSamples.Embedding("text 1", 1.5f, 2), 1_600_000_000_010);
        Assert.Equal(("text 1", 3L), (read.Texts.Current.Model, read.Texts.Current.Count));
        Assert.Equal([0.5f, 1], read.Texts.Current.ToArray());
    }

    private static EncoderState ExpectedEncoder() => new("default 1", [1.5f, -0.25f, 8], [0.5f, -0.5f], [0.75f, 0.25f])
    {
        Seen = 30, LateCount = 1, LastMs = 1_600_000_000_000, AsOfMs = 1_600_000_000_002,
    };

    private static CustomerState Expected()
    {
        var state = new CustomerState("golden-customer");
        new RandomCustomer(42).Visits(4, 8).ForEach(state.Apply);
        state.Assignment = new SegmentAssignment("loyal", 2, 7, 0.5f, 1_600_000_000_000);
        state.JoinRequested("anonymous");
        state.JoinCompleted("visitor");
        state.EnterAudience("vip", 3, 1_600_000_000_001);
        state.DueMs = 1_700_000_000_000;
        state.AddTransition(new SegmentTransition
        {
            CustomerId = "golden-customer",
            From = "new",
            To = "loyal",
            Time = DateTimeOffset.FromUnixTimeMilliseconds(1_600_000_000_000),
            Version = 2,
            Cause = "event",
        });
        return state;
    }

    private static string GoldenFile(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden", name);
}
