namespace CustomerSegmentation.Learning.Clustering;

/// <summary>The outcome of <see cref="ClusterCountSelector.Select"/>.</summary>
/// <param name="ClusterCount">The chosen number of clusters.</param>
/// <param name="Rule">Why it was chosen.</param>
/// <param name="Scores">One entry for each number tried, in ascending order.</param>
/// <param name="SampleRows">Rows that were looked at.</param>
public sealed record ClusterCountSelection(
    int ClusterCount, ClusterCountRule Rule, IReadOnlyList<ClusterCountScore> Scores, int SampleRows);
