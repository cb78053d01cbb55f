namespace CustomerSegmentation.Domain.Segments;

/// <summary>The features that names of segments go by.</summary>
internal enum SegmentAxis
{
    Recency,
    Frequency,
    Monetary,
    Tenure,
    OrderValue,
    Units,
    Discounts,
    Refunds,
    Browsing,
}
