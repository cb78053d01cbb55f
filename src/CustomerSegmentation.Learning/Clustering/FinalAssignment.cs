namespace CustomerSegmentation.Learning.Clustering;

/// <summary>Assigns rows to finished centroids and measures the distances from the differences themselves.</summary>
internal static class FinalAssignment
{
    /// <summary>Fills labels and, where given, squared distances (length 0 or rows) and sizes (k), and returns the inertia.</summary>
    public static double Run(
        KMeansWorkspace workspace,
        float[] centroids,
        Memory<int> labels,
        Memory<float> squaredDistances,
        int[] sizes,
        CancellationToken cancellationToken)
    {
        var (rows, executor) = (workspace.Rows, workspace.Executor);
        var panels = new CentroidPanels(sizes.Length, rows.Columns);
        panels.Load(centroids, rows.Stride);
        var inertias = new double[executor.Count];
        executor.Run(
            (worker, chunk) =>
            {
                var scratch = workspace.Scratch[worker];
                var (start, end) = executor.Bounds(chunk);
                var inertia = 0.0;
                for (var row = start; row < end; row += scratch.BlockRows)
                {
                    var count = Math.Min(scratch.BlockRows, end - row);
                    scratch.AssignBlock(row, count, panels);
                    scratch.Labels[..count].CopyTo(labels.Span[row..]);
                    var distances = squaredDistances.IsEmpty ? default : squaredDistances.Span.Slice(row, count);
                    inertia += Measure(scratch, count, centroids, rows.Stride, distances);
                }

                inertias[chunk] = inertia;
            },
            cancellationToken);

        Array.Clear(sizes);
        foreach (var label in labels.Span)
        {
            sizes[label]++;
        }

        return inertias.Sum();
    }

    private static double Measure(AssignmentScratch scratch, int count, float[] centroids, int stride, Span<float> distances)
    {
        var inertia = 0.0;
        for (var i = 0; i < count; i++)
        {
            var distance = SquaredDistance.Between(ref scratch.PackedRow(i), ref centroids[scratch.Labels[i] * stride], stride);
            inertia += distance;
            if (!distances.IsEmpty)
            {
                distances[i] = distance;
            }
        }

        return inertia;
    }
}
