using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.State.Schema;
using Google.Protobuf;

namespace CustomerSegmentation.Domain.Tests.State;

public sealed class EncoderStateTests
{
    [Fact]
    public void Snapshot_gives_back_what_it_held_in_half_precision()
    {
        var state = new CustomerState("c") { Encoder = State() };

        var read = CustomerState.Read(state.ToBytes()).Encoder!;

        Assert.Equal("default 1", read.Model);
        Assert.Equal((3, 2, 1), (read.StateSize, read.EmbeddingSize, read.ClassCount));
        Assert.Equal((40L, 2L, 1_000L, 2_000L), (read.Seen, read.LateCount, read.LastMs, read.AsOfMs));
        float[] numbers = new float[3], embedding = new float[2], probabilities = new float[1];
        read.CopyState(numbers);
        read.CopyEmbedding(embedding);
        read.CopyProbabilities(probabilities);
        Assert.Equal([(float)(Half)0.1f, -2, 0], numbers);
        Assert.Equal([0.5f, 0.25f], embedding);
        Assert.Equal([1f], probabilities);
        Assert.Equal(state.ToBytes(), CustomerState.Read(state.ToBytes()).ToBytes());
    }

    [Fact]
    public void Estimated_bytes_count_it()
    {
        var state = new CustomerState("c");
        var without = state.EstimatedBytes;
        state.Encoder = State();
        Assert.InRange(state.EstimatedBytes - without, 6 * 2, 200);
    }

    [Fact]
    public void Damaged_record_is_a_corrupt_state()
    {
        Assert.Throws<FormatException>(() => EncoderState.FromRecord(new EncoderRecord()));
        var record = State().ToRecord();
        record.Embedding = ByteString.CopyFrom(1, 2, 3);
        Assert.Throws<FormatException>(() => EncoderState.FromRecord(record));
        record.Embedding = ByteString.CopyFrom(0, 0x7e);
        Assert.Throws<FormatException>(() => EncoderState.FromRecord(record));
    }

    [Fact]
    public void Reader_that_does_not_know_it_yet_skips_it()
    {
        var state = new CustomerState("c") { Encoder = State() };
        var envelope = SnapshotRecord.Parser.ParseFrom(state.ToBytes());
        Assert.Equal(1u, envelope.Schema);
        var body = StateRecord.Parser.ParseFrom(envelope.Body);
        body.Encoder = null;
        Assert.Equal(new CustomerState("c").ToBytes(), new SnapshotRecord(envelope)
        {
            Body = body.ToByteString(),
            BodyHash = CustomerSegmentation.Domain.Hashing.StableHash.Of(body.ToByteArray()),
        }.ToByteArray());
    }

    private static EncoderState State() => new("default 1", [0.1f, -2, 0], [0.5f, 0.25f], [1])
    {
        Seen = 40, LateCount = 2, LastMs = 1_000, AsOfMs = 2_000,
    };
}
