namespace CustomerSegmentation.Learning.Matching;

/// <summary>A one-to-one matching of rows to columns found by <see cref="HungarianAlgorithm"/>.</summary>
public sealed class Assignment
{
    /// <summary>The column of a row, or the row of a column, that is left without a partner.</summary>
    public const int None = -1;

    internal Assignment(int[] columnOfRow, int[] rowOfColumn, double totalCost)
    {
        ColumnOfRow = columnOfRow;
        RowOfColumn = rowOfColumn;
        TotalCost = totalCost;
    }

    /// <summary>For each row its column, or <see cref="None"/> where there are more rows than columns.</summary>
    public IReadOnlyList<int> ColumnOfRow { get; }

    /// <summary>For each column its row, or <see cref="None"/> where there are more columns than rows.</summary>
    public IReadOnlyList<int> RowOfColumn { get; }

    /// <summary>Sum of the costs of the matched pairs, in the unit of the costs.</summary>
    public double TotalCost { get; }
}
