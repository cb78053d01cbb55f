namespace CustomerSegmentation.Domain.Features;

/// <summary>Gathers the columns that the parts declare.</summary>
internal sealed class ColumnList
{
    private readonly List<FeatureColumn> _columns = [];
    private string _group = "";

    public IReadOnlyList<FeatureColumn> Columns => _columns;

    public ColumnList Group(string name)
    {
        _group = name;
        return this;
    }

    public ColumnList Linear(string name, string unit, string description, bool inSpace = false) =>
        Add(name, unit, description, FeatureAging.None, 0, FeatureScale.Linear, inSpace);

    public ColumnList Log(string name, string unit, string description, bool inSpace = false) =>
        Add(name, unit, description, FeatureAging.None, 0, FeatureScale.Log, inSpace);

    /// <summary>A share of a whole: 0 to 1, 0 when there is no whole.</summary>
    public ColumnList Share(string name, string description, bool inSpace = false) => Linear(name, "share", description, inSpace);

    /// <summary>Days since something: one more for each day that passes.</summary>
    public ColumnList DaysSince(string name, string description, bool inSpace = false) =>
        Add(name, "days", description, FeatureAging.GrowsByDays, 0, FeatureScale.Log, inSpace);

    public ColumnList Decayed(string name, string unit, string description, double halfLifeDays, bool inSpace = false) =>
        Add(name, unit, description, FeatureAging.Decays, halfLifeDays, FeatureScale.Log, inSpace);

    private ColumnList Add(
        string name, string unit, string description, FeatureAging aging, double halfLifeDays, FeatureScale scale, bool inSpace)
    {
        _columns.Add(new FeatureColumn(_columns.Count, name, unit, description, _group, aging, halfLifeDays, scale, inSpace));
        return this;
    }
}
