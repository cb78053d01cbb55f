namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>A re-clustering cannot be made from the customers as they are; the message is for people.</summary>
public sealed class SegmentationException(string message) : Exception(message);
