namespace CustomerSegmentation.Api.Tracking;

/// <summary>What was wrong with one event of a request.</summary>
/// <param name="Index">Position in the batch from 0; 0 for a single call.</param>
internal sealed record ItemRejection(int Index, string Code, string Message, string? MessageId, string? CustomerId, string? Excerpt);
