namespace CustomerSegmentation.Learning.Clustering;

/// <summary>By which rule a number of clusters was chosen.</summary>
public enum ClusterCountRule
{
    /// <summary>Of the stable ones the best separated, and of equally separated ones the fewest clusters.</summary>
    BestSeparatedOfTheStable = 0,

    /// <summary>None was stable enough: the most stable one, and of equally stable ones the fewest clusters.</summary>
    MostStable = 1,
}
