namespace CustomerSegmentation.Inference.Models;

/// <summary>How a shadow model's answers compare with those of the active one so far.</summary>
/// <param name="Id">The shadow.</param>
/// <param name="Compared">Requests that both answered.</param>
/// <param name="Skipped">
/// Requests that the shadow did not run: it had not followed the customer from the start of their history, was busy, or failed.
/// </param>
/// <param name="ProbabilityMeanDifference">Mean absolute difference of a probability, over the classes that both have.</param>
/// <param name="ProbabilityMaxDifference">Largest absolute difference of a probability.</param>
/// <param name="Agreement">Share of heads for which both find the same class the most probable, 0 to 1; NaN before the first comparison.</param>
public sealed record ShadowReport(
    string Id, long Compared, long Skipped, double ProbabilityMeanDifference, double ProbabilityMaxDifference, double Agreement);
