using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>What the storage says is in force, for processes that do not run the coordinator.</summary>
public static class StoredSegmentation
{
    /// <summary>Puts the stored segmentation in force unless it or a later one is; one that was made for other features is left out.</summary>
    public static async Task AdoptAsync(ISegmentationStore store, IActiveSegmentation active, CancellationToken cancellationToken)
    {
        var stored = await store.GetActiveAsync(cancellationToken);
        if (stored is null || active.Current?.Activation >= stored.Activation)
        {
            return;
        }

        var record = await store.LoadAsync(stored.Version, cancellationToken);
        if (record is not null && SegmentationState.Read(record.Payload.Span).Fitted is { } fitted && fitted.SchemaHash == FeatureSchema.Current.Hash)
        {
            active.Activate(new ActivatedSegmentation(fitted, stored.Activation));
        }
    }
}
