using System.Runtime.InteropServices;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Learning;
using CustomerSegmentation.Learning.Clustering;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations.Shares;

/// <summary>Does the work on shares in this process.</summary>
/// <param name="profiles">The profile index.</param>
/// <param name="options">Limits.</param>
/// <param name="profilesChanged">Takes what a committed batch of re-assignments changed, for the segment actors.</param>
public sealed class ShareWorker(IProfileIndex profiles, SegmentationOptions options, Func<ProfileChanges, Task> profilesChanged) : IShareWorker
{
    private static readonly FeatureSchema Schema = FeatureSchema.Current;

    private readonly PointCache _points = new(options.ShareCacheBytesMax);

    public async Task<SampledShare> SampleAsync(SampleOrder order, KeyRange share, CancellationToken cancellationToken)
    {
        var (ranks, segments, monetary) = (new List<ulong>(), new List<string?>(), new List<double>());
        var columns = Schema.Count + order.EmbeddingSize + order.TextSize;
        var values = new List<float>();
        long customers = 0, embedded = 0, wrote = 0;
        await foreach (var batch in profiles.ScanAsync(share, options.ReadBatchSize, cancellationToken))
        {
            foreach (var row in batch)
            {
                if (row.SchemaHash != Schema.Hash || row.Vector.Length != Schema.Count)
                {
                    continue;
                }

                customers++;
                embedded += order.EmbeddingSize > 0 && row.EmbeddingModel == order.EmbeddingModel ? 1 : 0;
                wrote += order.TextSize > 0 && row.TextModel == order.TextModel ? 1 : 0;
                if (order.Rank(row.CustomerId) is var rank && rank <= order.RankMax)
                {
                    CollectionsMarshal.SetCount(values, values.Count + columns);
                    Write(order, row, CollectionsMarshal.AsSpan(values)[^columns..]);
                    ranks.Add(rank);
                    segments.Add(row.Assignment?.Segment is { Length: > 0 } key ? key : null);
                    monetary.Add(row.Monetary);
                }
            }
        }

        return new SampledShare
        {
            Ranks = ranks, Values = values.ToArray(), Segments = segments, Monetary = monetary, Customers = customers, Embedded = embedded, Wrote = wrote,
        };
    }

    public async Task<ClusterSums> SumAsync(Segmentation draft, KeyRange share, CancellationToken cancellationToken)
    {
        if (!_points.TryFind(draft.Version, share, out var points))
        {
            points = await ReadPointsAsync(draft, share, cancellationToken);
            _points.Keep(draft.Version, share, points);
        }

        var sums = new ClusterSums(draft.Segments.Count, draft.Space.Dimensions);
        sums.AddRows(points, Matrix.FromRows([.. draft.Segments.Select(segment => segment.Centroid.ToArray())]));
        return sums;
    }

    public async Task<PlacedShare> PlaceAsync(Segmentation draft, KeyRange share, CancellationToken cancellationToken)
    {
        var sizes = new long[draft.Segments.Count];
        var money = new double[sizes.Length];
        var moves = new Dictionary<(string From, int To), long>();
        var placement = new ProfilePlacement(draft, Schema);
        long read = 0;
        await foreach (var batch in profiles.ScanAsync(share, options.ReadBatchSize, cancellationToken))
        {
            foreach (var row in batch)
            {
                read++;
                if (!placement.TryPlace(row, draft.ReferenceTimeMs, out var choice))
                {
                    continue;
                }

                sizes[choice.Index]++;
                money[choice.Index] += row.Monetary;
                var from = row.Assignment?.Segment ?? "";
                if (from != draft.Segments[choice.Index].Key)
                {
                    moves[(from, choice.Index)] = moves.GetValueOrDefault((from, choice.Index)) + 1;
                }
            }
        }

        return new PlacedShare(sizes, money, moves, read);
    }

    public async Task<AssignedShare> AssignAsync(
        Segmentation segmentation, long activation, long referenceTimeMs, KeyRange share, CancellationToken cancellationToken)
    {
        var placement = new ProfilePlacement(segmentation, Schema);
        var assignments = new List<ProfileAssignment>(options.AssignBatchSize);
        long read = 0, assigned = 0;
        await foreach (var batch in profiles.ScanAsync(share, options.ReadBatchSize, cancellationToken))
        {
            foreach (var row in batch)
            {
                read++;
                if ((row.Assignment?.Activation ?? 0) >= activation || !placement.TryPlace(row, referenceTimeMs, out var choice))
                {
                    continue;
                }

                assigned++;
                assignments.Add(Assign(segmentation, activation, row, choice, placement, referenceTimeMs));
                if (assignments.Count >= options.AssignBatchSize)
                {
                    await FlushAsync(segmentation, activation, assignments, cancellationToken);
                }
            }
        }

        await FlushAsync(segmentation, activation, assignments, cancellationToken);
        return new AssignedShare(read, assigned);
    }

    public Task ForgetAsync(int version)
    {
        _points.Forget(version);
        return Task.CompletedTask;
    }

    private static void Write(SampleOrder order, ProfileRow row, Span<float> vector)
    {
        row.Vector.Span.CopyTo(vector);
        Schema.Age(vector[..Schema.Count], row.AsOfMs, order.ReferenceTimeMs);
        var behind = vector[Schema.Count..];
        SegmentVector.WriteStored(order.EmbeddingModel, row.EmbeddingModel, row.Embedding.Span, behind[..order.EmbeddingSize]);
        SegmentVector.WriteStored(order.TextModel, row.TextModel, row.Text.Span, behind[order.EmbeddingSize..]);
    }

    private static ProfileAssignment Assign(
        Segmentation segmentation, long activation, ProfileRow row, SegmentChoice choice, ProfilePlacement placement, long referenceTimeMs)
    {
        var key = segmentation.Segments[choice.Index].Key;
        var since = row.Assignment is { } before && before.Segment == key ? before.SinceMs : referenceTimeMs;
        var atMs = Math.Max(row.AsOfMs, referenceTimeMs);
        return new ProfileAssignment(row.CustomerKey, key, segmentation.Version, activation, choice.Probability, since)
        {
            DueMs = segmentation.NextCheckMs(placement.Vector, atMs, choice),
        };
    }

    private async Task<Matrix> ReadPointsAsync(Segmentation draft, KeyRange share, CancellationToken cancellationToken)
    {
        var placement = new ProfilePlacement(draft, Schema);
        var dimensions = draft.Space.Dimensions;
        var values = new List<float>();
        await foreach (var batch in profiles.ScanAsync(share, options.ReadBatchSize, cancellationToken))
        {
            foreach (var row in batch)
            {
                if (placement.TryRead(row, draft.ReferenceTimeMs))
                {
                    CollectionsMarshal.SetCount(values, values.Count + dimensions);
                    draft.Space.Project(placement.Vector, CollectionsMarshal.AsSpan(values)[^dimensions..]);
                }
            }
        }

        return new Matrix(values.ToArray(), values.Count / dimensions, dimensions);
    }

    private async Task FlushAsync(Segmentation segmentation, long activation, List<ProfileAssignment> assignments, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (assignments.Count == 0)
        {
            return;
        }

        var changes = await profiles.ReassignAsync(segmentation.Version, activation, [.. assignments], token);
        assignments.Clear();
        await profilesChanged(changes);
    }
}
