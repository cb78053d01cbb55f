using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>
/// Reads the profile index for a fit, within a bound on memory. The order of the rows and, where they are too many, which of them are kept follow from a hash
/// of seed and customer id alone (bottom-k sampling: Cohen and Kaplan 2007, "Summarizing Data using Bottom-k Sketches"): so the same customers and the
/// same seed give the same fit, in whatever order the customers first came.
/// </summary>
/// <param name="profiles">The profile index.</param>
/// <param name="schema">The feature schema.</param>
/// <param name="model">The sequence model whose embeddings stand behind the features; null for none.</param>
/// <param name="textModel">The text model whose means stand behind these; null for none.</param>
/// <param name="options">Limits.</param>
internal sealed class ProfileReader(IProfileIndex profiles, FeatureSchema schema, EncoderModel? model, TextEncoderModel? textModel, SegmentationOptions options)
{
    /// <summary>
    /// Brings every vector to the reference time and keeps at most <see cref="SegmentationOptions.SampleRowsMax"/> of them, a uniform sample without
    /// replacement. Rows of another feature schema are passed over.
    /// </summary>
    public async Task<ProfileSample> ReadAsync(long referenceTimeMs, int seed, Action<long> progress, CancellationToken cancellationToken)
    {
        var textsFrom = schema.Count + (model?.EmbeddingSize ?? 0);
        var columns = textsFrom + (textModel?.EmbeddingSize ?? 0);
        var rowsMax = (int)Math.Clamp(options.SampleBytesMax / (columns * sizeof(float)), 1, options.SampleRowsMax);
        var rows = new Rows(columns, rowsMax);
        long seen = 0;
        long embedded = 0;
        long wrote = 0;
        await foreach (var batch in profiles.ScanAsync(options.ReadBatchSize, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var row in batch)
            {
                if (row.SchemaHash != schema.Hash || row.Vector.Length != schema.Count)
                {
                    continue;
                }

                seen++;
                embedded += row.EmbeddingModel == model?.Id ? 1 : 0;
                wrote += row.TextModel == textModel?.Id ? 1 : 0;
                if (rows.TryPlace(Rank(row.CustomerId, seed), out var place))
                {
                    var vector = rows.Fill(place, row.Assignment?.Segment, row.Monetary);
                    row.Vector.Span.CopyTo(vector);
                    schema.Age(vector, row.AsOfMs, referenceTimeMs);
                    SegmentVector.WriteStored(model?.Id, row.EmbeddingModel, row.Embedding.Span, vector[schema.Count..textsFrom]);
                    SegmentVector.WriteStored(textModel?.Id, row.TextModel, row.Text.Span, vector[textsFrom..]);
                }
            }

            progress(seen);
        }

        return rows.ToSample(seen) with { Embedded = embedded, Wrote = wrote };
    }

    /// <summary>FNV-1a over the id's characters, then the finalizer of SplitMix64 (Steele, Lea and Flood 2014) for even bits.</summary>
    private static ulong Rank(string customerId, int seed)
    {
        var hash = 14695981039346656037 ^ (uint)seed;
        foreach (var c in customerId)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }

    /// <summary>The rows with the lowest ranks so far.</summary>
    private sealed class Rows(int columns, int rowsMax)
    {
        private static readonly Comparer<ulong> HighestFirst = Comparer<ulong>.Create((a, b) => b.CompareTo(a));

        private readonly List<ulong> _ranks = [];
        private readonly List<string?> _segments = [];
        private readonly List<double> _monetary = [];
        private readonly PriorityQueue<int, ulong> _highest = new(HighestFirst);
        private float[] _values = new float[Math.Min(rowsMax, 1_024) * columns];

        /// <summary>Where a row of this rank goes; false when enough rows rank lower.</summary>
        public bool TryPlace(ulong rank, out int place)
        {
            if (_ranks.Count < rowsMax)
            {
                place = _ranks.Count;
                _ranks.Add(rank);
                _segments.Add(null);
                _monetary.Add(0);
                Grow(_ranks.Count * columns);
            }
            else if (_highest.TryPeek(out place, out var highest) && rank < highest)
            {
                _highest.Dequeue();
                _ranks[place] = rank;
            }
            else
            {
                return false;
            }

            _highest.Enqueue(place, rank);
            return true;
        }

        public Span<float> Fill(int place, string? segment, double monetary)
        {
            _segments[place] = string.IsNullOrEmpty(segment) ? null : segment;
            _monetary[place] = monetary;
            return _values.AsSpan(place * columns, columns);
        }

        public ProfileSample ToSample(long seen)
        {
            var count = _ranks.Count;
            var order = Enumerable.Range(0, count).OrderBy(place => _ranks[place]).ToArray();
            var keys = _segments.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            var position = keys.Index().ToDictionary(key => key.Item, key => key.Index, StringComparer.Ordinal);
            var current = Array.ConvertAll(order, place => _segments[place] is { } key ? position[key] : -1);
            var monetary = Array.ConvertAll(order, place => _monetary[place]);
            Permute(order);
            return new ProfileSample(new FeatureRows(_values.AsMemory(0, count * columns), count, columns), current, keys, monetary, seen);
        }

        /// <summary>Moves the vectors along the cycles of the order, in place: the sample may fill the memory that it is allowed.</summary>
        private void Permute(int[] order)
        {
            Span<float> held = new float[columns];
            for (var start = 0; start < order.Length; start++)
            {
                if (order[start] < 0)
                {
                    continue;
                }

                Row(start).CopyTo(held);
                var to = start;
                while (order[to] != start)
                {
                    var from = order[to];
                    Row(from).CopyTo(Row(to));
                    order[to] = -1;
                    to = from;
                }

                held.CopyTo(Row(to));
                order[to] = -1;
            }
        }

        private Span<float> Row(int row) => _values.AsSpan(row * columns, columns);

        private void Grow(int needed)
        {
            if (needed > _values.Length)
            {
                Array.Resize(ref _values, (int)Math.Clamp(_values.Length * 2L, needed, (long)rowsMax * columns));
            }
        }
    }
}
