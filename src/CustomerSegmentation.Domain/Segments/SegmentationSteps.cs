namespace CustomerSegmentation.Domain.Segments;

/// <summary>Names of a re-clustering's steps, in their order.</summary>
public static class SegmentationSteps
{
    public const string Reading = "reading";
    public const string Choosing = "choosing";
    public const string Fitting = "fitting";
    public const string Naming = "naming";
    public const string Previewing = "previewing";
    public const string Assigning = "assigning";
    public const string Done = "done";
}
