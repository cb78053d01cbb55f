using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.Features;

public sealed class FeatureSchemaTests
{
    private static readonly FeatureSchema Schema = FeatureSchema.Current;

    [Fact]
    public void Columns_have_unique_names_and_their_own_index()
    {
        Assert.Equal(Schema.Count, Schema.Columns.Select(c => c.Name).Distinct().Count());
        Assert.All(Schema.Columns, c => Assert.Equal(c.Index, Schema.IndexOf(c.Name)));
        Assert.Equal(-1, Schema.IndexOf("noSuchColumn"));
    }

    [Fact]
    public void Columns_are_as_many_as_a_model_expects() => Assert.InRange(Schema.Count, 80, 110);

    [Fact]
    public void Segment_space_is_compact() => Assert.InRange(Schema.Columns.Count(c => c.InSegmentSpace), 12, 24);

    /// <summary>A change here means that stored vectors and trained models no longer fit: raise it knowingly.</summary>
    [Fact]
    public void Hash_of_the_current_definitions_is_the_recorded_one() => Assert.Equal("289ea83fd110e1eb", Schema.Hash);

    [Fact]
    public void Materialize_writes_every_column_of_the_schema() =>
        Assert.All(Vectors.At(Vectors.Applied(new RandomCustomer(2).Visits()), 0), value => Assert.True(float.IsFinite(value)));

    [Fact]
    public void Materialize_before_the_first_event_gives_zeros() =>
        Assert.All(Vectors.At(new CustomerFeatures(), RandomCustomer.Epoch), value => Assert.Equal(0, value));

    [Fact]
    public void Materialize_into_a_vector_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new CustomerFeatures().Materialize(0, new float[3]));
}
