namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Holds the segmentation in force in memory.</summary>
public sealed class ActiveSegmentationCell : IActiveSegmentation
{
    private ActivatedSegmentation? _current;

    public ActivatedSegmentation? Current => Volatile.Read(ref _current);

    public void Activate(ActivatedSegmentation segmentation)
    {
        ArgumentNullException.ThrowIfNull(segmentation);
        var seen = Current;
        while (seen is null || seen.Activation < segmentation.Activation)
        {
            var before = Interlocked.CompareExchange(ref _current, segmentation, seen);
            if (ReferenceEquals(before, seen))
            {
                return;
            }

            seen = before;
        }
    }
}
