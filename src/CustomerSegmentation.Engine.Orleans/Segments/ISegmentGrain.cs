using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Engine.Orleans.Segments;

/// <summary>A segment's live size and money. Its key is <c>segment/</c> and the segment's key.</summary>
public interface ISegmentGrain : IGrainWithStringKey, ISegmentActor;
