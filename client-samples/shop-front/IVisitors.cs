namespace CustomerSegmentation.Samples.ShopFront;

/// <summary>What the shop tells the segmentation about its visitors, and asks it.</summary>
internal interface IVisitors
{
    /// <summary>Returns when the event is safe.</summary>
    Task ViewedAsync(string visitor, Product product, CancellationToken cancellationToken);

    /// <summary>Returns when the event is safe.</summary>
    Task OrderedAsync(string visitor, Product product, CancellationToken cancellationToken);

    /// <summary>The key and name of the visitor's segment; null while there is none.</summary>
    Task<(string Key, string Name)?> SegmentAsync(string visitor, CancellationToken cancellationToken);
}
