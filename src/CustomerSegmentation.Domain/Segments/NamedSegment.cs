namespace CustomerSegmentation.Domain.Segments;

/// <summary>The words for one cluster.</summary>
/// <param name="Key">A slug that no other segment has or had.</param>
/// <param name="Name">Unique within the version.</param>
/// <param name="Description">One sentence with figures.</param>
/// <param name="Advice">One sentence.</param>
public sealed record NamedSegment(string Key, string Name, string Description, string Advice);
