using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Api.Query;

/// <summary>How many customers moved between segments since a time.</summary>
internal sealed record FlowsBody(DateTimeOffset Since, IReadOnlyList<SegmentFlow> Items, string? Next);
