namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>A property as it stands in the body, name and value, and when it belongs into the extra properties.</summary>
internal readonly record struct RawRange(int Start, int Length, RawRangeUse Use);
