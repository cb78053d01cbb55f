namespace CustomerSegmentation.Learning.Matching;

/// <summary>
/// The linear assignment problem: matches min(rows, columns) pairs, one to one, at the lowest total cost. The problem and its duals are
/// Kuhn's ("The Hungarian method for the assignment problem", 1955); it is solved by shortest augmenting paths for rectangular matrices
/// (Jonker and Volgenant 1987; Crouse 2016, "On implementing 2D rectangular assignment algorithms"). Time O(s²·l), memory O(s·l) with s
/// the shorter and l the longer side.
/// </summary>
public static class HungarianAlgorithm
{
    /// <summary>Matches rows to columns.</summary>
    /// <param name="costs">rows × columns costs, in any unit, negative ones included. To maximise a benefit, negate it.</param>
    /// <returns>A matching of the lowest total cost; among several of equal cost always the same one.</returns>
    /// <exception cref="ArgumentException">A cost is not finite.</exception>
    public static Assignment Solve(double[,] costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        var (rows, columns) = (costs.GetLength(0), costs.GetLength(1));
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                if (!double.IsFinite(costs[i, j]))
                {
                    throw new ArgumentException($"The cost of row {i} and column {j} is {costs[i, j]}; costs are finite.", nameof(costs));
                }
            }
        }

        var transposed = rows > columns;
        var shorter = transposed
            ? new ShortestAugmentingPath(columns, rows, (i, j) => costs[j, i])
            : new ShortestAugmentingPath(rows, columns, (i, j) => costs[i, j]);
        shorter.Solve();
        var (columnOfRow, rowOfColumn) = transposed
            ? (shorter.PartnerOfLong, shorter.PartnerOfShort)
            : (shorter.PartnerOfShort, shorter.PartnerOfLong);

        var total = 0.0;
        for (var i = 0; i < rows; i++)
        {
            total += columnOfRow[i] == Assignment.None ? 0 : costs[i, columnOfRow[i]];
        }

        return new Assignment(columnOfRow, rowOfColumn, total);
    }
}
