namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>The segmentation in force, as every actor of this process sees it.</summary>
public interface IActiveSegmentation
{
    /// <summary>Null while none was ever activated. Cheap: actors read it on each turn.</summary>
    ActivatedSegmentation? Current { get; }

    /// <summary>Puts a segmentation in force; one with an older activation than the current is ignored.</summary>
    void Activate(ActivatedSegmentation segmentation);
}
