using CustomerSegmentation.Storage.Profiles;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Storage.Tests;

public sealed class SparseVectorTests
{
    [Fact]
    public void Any_vector_comes_back_bit_for_bit()
    {
        var values = Gen.Frequency(
            (5, Gen.Constant(0f)),
            (1, Gen.Constant(-0f)),
            (3, Gen.Choose(int.MinValue, int.MaxValue).Select(BitConverter.Int32BitsToSingle)));
        Prop.ForAll(values.ArrayOf().ToArbitrary(), vector =>
        {
            var blob = new byte[SparseVector.BytesMax(vector.Length)];
            var read = SparseVector.Read(blob.AsSpan(0, SparseVector.Write(vector, blob)));
            return vector.Select(BitConverter.SingleToInt32Bits).SequenceEqual(read.Select(BitConverter.SingleToInt32Bits));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Zeros_cost_a_bit_each()
    {
        var blob = new byte[SparseVector.BytesMax(110)];

        Assert.Equal(2 + 14, SparseVector.Write(new float[110], blob));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(12)]
    public void Cut_blob_is_refused(int length)
    {
        var blob = new byte[SparseVector.BytesMax(3)];
        Assert.Equal(15, SparseVector.Write([1, 2, 3], blob));

        Assert.Throws<InvalidDataException>(() => SparseVector.Read(blob.AsSpan(0, length)));
    }
}
