using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Domain.Tests.Shop;

/// <summary>Feature vectors and their comparison.</summary>
internal static class Vectors
{
    public static CustomerFeatures Applied(IEnumerable<CustomerEvent> events)
    {
        var features = new CustomerFeatures();
        foreach (var e in events)
        {
            features.Apply(e);
        }

        return features;
    }

    public static float[] At(CustomerFeatures features, long asOfMs)
    {
        var vector = new float[FeatureSchema.Current.Count];
        Array.Fill(vector, float.NaN);
        features.Materialize(asOfMs, vector);
        return vector;
    }

    public static float Column(CustomerFeatures features, string name, long asOfMs = 0)
    {
        var index = FeatureSchema.Current.IndexOf(name);
        Assert.True(index >= 0, $"There is no column {name}.");
        return At(features, asOfMs)[index];
    }

    /// <summary>Names the first column that differs by more than a share of the larger value.</summary>
    public static void Equal(float[] expected, float[] actual, double relative, double absolute = 1e-6, string? exceptGroup = null)
    {
        foreach (var column in FeatureSchema.Current.Columns.Where(c => c.Group != exceptGroup))
        {
            double a = expected[column.Index], b = actual[column.Index];
            var off = Math.Abs(a - b);
            Assert.True(off <= absolute + (relative * Math.Max(Math.Abs(a), Math.Abs(b))), $"{column.Name}: {a} and {b}");
        }
    }
}
