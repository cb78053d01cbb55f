namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// Gives every empty cluster the row that lies farthest from its own centroid and from those repaired before it (the farthest-first rule
/// of Gonzalez 1985), so that several empty clusters do not all land in the same corner. A row that already sits on a centroid is never
/// moved: data with fewer distinct rows than clusters keeps empty clusters.
/// </summary>
internal static class EmptyClusterRepair
{
    /// <summary>
    /// Moves rows between the cluster sums after a Lloyd pass. <paramref name="centroids"/> are those the rows were assigned to; the
    /// centroid of each repaired cluster is set to its new row.
    /// </summary>
    /// <returns>How many empty clusters were filled.</returns>
    public static int Run(
        KMeansWorkspace workspace, float[] centroids, int[] labels, double[] sums, int[] counts, CancellationToken cancellationToken)
    {
        var stride = workspace.Rows.Stride;
        var packed = new float[stride];
        var repaired = new List<int>();
        foreach (var cluster in Enumerable.Range(0, counts.Length).Where(c => counts[c] == 0).ToArray())
        {
            var row = Farthest(workspace, centroids, labels, counts, repaired, cancellationToken);
            if (row < 0)
            {
                break;
            }

            var donor = labels[row];
            workspace.Rows.Pack(row, 1, ref packed[0]);
            for (var j = 0; j < stride; j++)
            {
                sums[(donor * stride) + j] -= packed[j];
                sums[(cluster * stride) + j] = packed[j];
            }

            counts[donor]--;
            counts[cluster] = 1;
            labels[row] = cluster;
            packed.CopyTo(centroids.AsSpan(cluster * stride));
            repaired.Add(cluster);
        }

        return repaired.Count;
    }

    /// <summary>
    /// The farthest row of a cluster that can spare one; -1 where every such row sits on a centroid. Ties go to the lower row.
    /// </summary>
    private static int Farthest(
        KMeansWorkspace workspace, float[] centroids, int[] labels, int[] counts, List<int> repaired, CancellationToken cancellationToken)
    {
        var stride = workspace.Rows.Stride;
        var farthest = new (float Distance, int Row)[workspace.Executor.Count];
        workspace.Executor.Run(
            (worker, chunk) =>
            {
                var best = (Distance: 0f, Row: -1);
                workspace.ForEachPackedBlock(worker, chunk, (scratch, first, rows) =>
                {
                    for (var i = 0; i < rows; i++)
                    {
                        var own = labels[first + i];
                        if (counts[own] < 2)
                        {
                            continue;
                        }

                        var distance = SquaredDistance.Between(ref scratch.PackedRow(i), ref centroids[own * stride], stride);
                        for (var r = 0; r < repaired.Count && distance > best.Distance; r++)
                        {
                            var other = SquaredDistance.Between(ref scratch.PackedRow(i), ref centroids[repaired[r] * stride], stride);
                            distance = Math.Min(distance, other);
                        }

                        best = distance > best.Distance ? (distance, first + i) : best;
                    }
                });
                farthest[chunk] = best;
            },
            cancellationToken);

        var winner = (Distance: 0f, Row: -1);
        foreach (var candidate in farthest)
        {
            winner = candidate.Distance > winner.Distance ? candidate : winner;
        }

        return winner.Row;
    }
}
