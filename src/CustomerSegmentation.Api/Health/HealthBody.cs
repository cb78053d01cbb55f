using CustomerSegmentation.Contracts.Models;

namespace CustomerSegmentation.Api.Health;

/// <summary>An answer of the health paths.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>unavailable</c>.</param>
/// <param name="Reason">Why events cannot be taken; null when they can.</param>
/// <param name="QueueFill">How full the fullest bounded queue is, 0 to 1; null on the live path.</param>
/// <param name="Encoder">How the sequence model is doing, on which readiness does not depend; null on the live path.</param>
internal sealed record HealthBody(string Status, string? Reason, double? QueueFill, EncoderHealth? Encoder = null);
