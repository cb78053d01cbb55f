using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Assigns everybody to the segments of an activated version, from stored vectors.</summary>
internal sealed class Reassignment(SegmentationPorts ports, SegmentationOptions options)
{
    // A checkpoint of an actor that had not noticed the activation can land behind the scan; another pass finds it.
    private const int PassesMax = 3;

    public async Task RunAsync(Segmentation segmentation, long activation, Action<double> progress, CancellationToken token)
    {
        var known = Math.Max(1, (await ports.Profiles.GetTotalsAsync(token)).Segments.Sum(total => total.Customers));
        for (var pass = 0; pass < PassesMax; pass++)
        {
            var left = await PassAsync(segmentation, activation, read => progress(pass > 0 ? 1 : (double)read / known), token);
            if (left == 0)
            {
                return;
            }
        }
    }

    /// <returns>Customers who still had to be assigned.</returns>
    private async Task<long> PassAsync(Segmentation segmentation, long activation, Action<long> progress, CancellationToken token)
    {
        var referenceTimeMs = ports.ReferenceTimeMs();
        var placement = new ProfilePlacement(segmentation, FeatureSchema.Current);
        var assignments = new List<ProfileAssignment>(options.AssignBatchSize);
        long read = 0;
        long assigned = 0;
        await foreach (var batch in ports.Profiles.ScanAsync(options.ReadBatchSize, token))
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
                    await FlushAsync(segmentation, activation, assignments, token);
                }
            }

            progress(read);
        }

        await FlushAsync(segmentation, activation, assignments, token);
        return assigned;
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

    private async Task FlushAsync(Segmentation segmentation, long activation, List<ProfileAssignment> assignments, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (assignments.Count == 0)
        {
            return;
        }

        var changes = await ports.Profiles.ReassignAsync(segmentation.Version, activation, [.. assignments], token);
        assignments.Clear();
        await ports.ProfilesChanged(changes);
    }
}
