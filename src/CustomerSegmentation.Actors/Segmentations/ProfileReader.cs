using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Reads the profile index for a fit, within a bound on memory.</summary>
internal sealed class ProfileReader(IProfileIndex profiles, FeatureSchema schema, SegmentationOptions options)
{
    /// <summary>
    /// Brings every vector to the reference time and keeps at most <see cref="SegmentationOptions.SampleRowsMax"/> of them: a uniform sample without replacement
    /// (reservoir sampling, algorithm R: Vitter 1985, "Random Sampling with a Reservoir"). Rows of another feature schema are passed over.
    /// </summary>
    public async Task<ProfileSample> ReadAsync(long referenceTimeMs, int seed, Action<long> progress, CancellationToken cancellationToken)
    {
        var columns = schema.Count;
        var rowsMax = (int)Math.Clamp(options.SampleBytesMax / (columns * sizeof(float)), 1, options.SampleRowsMax);
        var random = new Random(seed);
        var values = new float[Math.Min(rowsMax, 1_024) * columns];
        var current = new List<int>();
        var monetary = new List<double>();
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        long seen = 0;
        await foreach (var batch in profiles.ScanAsync(options.ReadBatchSize, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var row in batch)
            {
                if (row.SchemaHash != schema.Hash || row.Vector.Length != columns)
                {
                    continue;
                }

                seen++;
                var place = seen <= rowsMax ? (long)current.Count : random.NextInt64(seen);
                if (place >= rowsMax)
                {
                    continue;
                }

                if (place == current.Count)
                {
                    current.Add(0);
                    monetary.Add(0);
                    values = Grow(values, current.Count * columns, rowsMax * columns);
                }

                var vector = values.AsSpan((int)place * columns, columns);
                row.Vector.Span.CopyTo(vector);
                schema.Age(vector, row.AsOfMs, referenceTimeMs);
                current[(int)place] = KeyIndex(keys, row.Assignment?.Segment);
                monetary[(int)place] = row.Monetary;
            }

            progress(seen);
        }

        var rows = new FeatureRows(values.AsMemory(0, current.Count * columns), current.Count, columns);
        return new ProfileSample(rows, [.. current], [.. keys.OrderBy(key => key.Value).Select(key => key.Key)], [.. monetary], seen);
    }

    private static float[] Grow(float[] values, int needed, int most)
    {
        if (needed > values.Length)
        {
            Array.Resize(ref values, Math.Clamp(values.Length * 2, needed, Math.Max(needed, most)));
        }

        return values;
    }

    private static int KeyIndex(Dictionary<string, int> keys, string? key)
    {
        if (string.IsNullOrEmpty(key))
        {
            return -1;
        }

        if (!keys.TryGetValue(key, out var index))
        {
            index = keys.Count;
            keys.Add(key, index);
        }

        return index;
    }
}
