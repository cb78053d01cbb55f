namespace CustomerSegmentation.Api.Tracking;

/// <summary>Why nothing of a request was taken.</summary>
internal sealed record BodyFault(string Code, string Message);
