namespace CustomerSegmentation.Learning.Evaluation;

/// <summary>How often each pair of labels occurs together in two labellings of the same rows; only pairs that occur are kept.</summary>
internal sealed class ContingencyTable
{
    private ContingencyTable(long count, Dictionary<(int First, int Second), long> cells)
    {
        Count = count;
        Cells = cells;
        First = Marginal(cells, pair => pair.First);
        Second = Marginal(cells, pair => pair.Second);
    }

    public long Count { get; }

    public Dictionary<(int First, int Second), long> Cells { get; }

    public Dictionary<int, long> First { get; }

    public Dictionary<int, long> Second { get; }

    /// <exception cref="ArgumentException">The labellings differ in length.</exception>
    public static ContingencyTable Of(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        if (first.Length != second.Length)
        {
            throw new ArgumentException(
                $"The labellings have {first.Length} and {second.Length} entries; they label the same rows.", nameof(second));
        }

        var cells = new Dictionary<(int First, int Second), long>();
        for (var i = 0; i < first.Length; i++)
        {
            var pair = (first[i], second[i]);
            cells[pair] = cells.GetValueOrDefault(pair) + 1;
        }

        return new ContingencyTable(first.Length, cells);
    }

    private static Dictionary<int, long> Marginal(
        Dictionary<(int First, int Second), long> cells, Func<(int First, int Second), int> label) =>
        cells.GroupBy(cell => label(cell.Key)).ToDictionary(group => group.Key, group => group.Sum(cell => cell.Value));
}
