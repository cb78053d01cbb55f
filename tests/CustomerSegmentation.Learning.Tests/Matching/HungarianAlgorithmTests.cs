using CustomerSegmentation.Learning.Matching;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Learning.Tests.Matching;

public class HungarianAlgorithmTests
{
    [Fact]
    public void Solve_on_small_problems_equals_the_best_of_all_matchings()
    {
        var problems =
            from rows in Gen.Choose(1, 6)
            from columns in Gen.Choose(1, 6)
            from spread in Gen.Elements(3, 1_000)
            from costs in Gen.Choose(-spread, spread).ListOf(rows * columns)
            select (rows, columns, costs: costs.ToArray());
        Prop.ForAll(problems.ToArbitrary(), problem =>
        {
            var costs = new double[problem.rows, problem.columns];
            for (var i = 0; i < problem.costs.Length; i++)
            {
                costs[i / problem.columns, i % problem.columns] = problem.costs[i] / 8.0;
            }

            var assignment = HungarianAlgorithm.Solve(costs);

            Assert.Equal(Lowest(costs, 0, 0, Math.Abs(problem.rows - problem.columns)), assignment.TotalCost, 9);
            AssertOneToOne(assignment, problem.rows, problem.columns);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(25, 90)]
    [InlineData(90, 25)]
    public void Solve_on_a_hidden_matching_finds_it(int rows, int columns)
    {
        var random = new Random(rows);
        var costs = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                costs[i, j] = 1 + random.NextDouble();
            }
        }

        var pairs = Math.Min(rows, columns);
        var (chosenRows, chosenColumns) = (Shuffled(random, rows), Shuffled(random, columns));
        for (var i = 0; i < pairs; i++)
        {
            costs[chosenRows[i], chosenColumns[i]] = 0.25;
        }

        var assignment = HungarianAlgorithm.Solve(costs);

        Assert.Equal(0.25 * pairs, assignment.TotalCost, 9);
        Assert.All(Enumerable.Range(0, pairs), i => Assert.Equal(chosenColumns[i], assignment.ColumnOfRow[chosenRows[i]]));
        AssertOneToOne(assignment, rows, columns);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    [InlineData(0, 0)]
    public void Solve_with_an_empty_side_matches_nobody(int rows, int columns)
    {
        var assignment = HungarianAlgorithm.Solve(new double[rows, columns]);

        Assert.Equal(0, assignment.TotalCost);
        Assert.All(assignment.ColumnOfRow.Concat(assignment.RowOfColumn), partner => Assert.Equal(Assignment.None, partner));
        Assert.Equal((rows, columns), (assignment.ColumnOfRow.Count, assignment.RowOfColumn.Count));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Solve_with_a_cost_that_is_not_finite_is_refused(double cost)
    {
        Assert.Throws<ArgumentException>(() => HungarianAlgorithm.Solve(new[,] { { 1.0, cost } }));
    }

    private static void AssertOneToOne(Assignment assignment, int rows, int columns)
    {
        var matched = Enumerable.Range(0, rows).Where(i => assignment.ColumnOfRow[i] != Assignment.None).ToArray();
        Assert.Equal(Math.Min(rows, columns), matched.Length);
        Assert.All(matched, i => Assert.Equal(i, assignment.RowOfColumn[assignment.ColumnOfRow[i]]));
        Assert.Equal(matched.Length, assignment.RowOfColumn.Count(i => i != Assignment.None));
    }

    /// <summary>The lowest total over all matchings in which at most <paramref name="skips"/> rows stay alone.</summary>
    private static double Lowest(double[,] costs, int row, int taken, int skips)
    {
        if (row == costs.GetLength(0))
        {
            return 0;
        }

        var mayStayAlone = costs.GetLength(0) > costs.GetLength(1) && skips > 0;
        var lowest = mayStayAlone ? Lowest(costs, row + 1, taken, skips - 1) : double.PositiveInfinity;
        for (var column = 0; column < costs.GetLength(1); column++)
        {
            if ((taken & (1 << column)) == 0)
            {
                lowest = Math.Min(lowest, costs[row, column] + Lowest(costs, row + 1, taken | (1 << column), skips));
            }
        }

        return lowest;
    }

    private static int[] Shuffled(Random random, int count)
    {
        var numbers = Enumerable.Range(0, count).ToArray();
        random.Shuffle(numbers);
        return numbers;
    }
}
