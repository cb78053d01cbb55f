namespace CustomerSegmentation.Learning;

/// <summary>
/// A read-only view of a dense single-precision matrix: row-major and contiguous, one row per customer and one column per feature. The
/// view does not copy; whoever owns the memory must not write to it while a computation reads it.
/// </summary>
public readonly struct Matrix
{
    /// <summary>Wraps <paramref name="values"/>, whose length must be rows × columns.</summary>
    /// <param name="values">The values, row after row.</param>
    /// <param name="rows">Number of rows, at least 0.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    /// <exception cref="ArgumentException">The length is not rows × columns.</exception>
    public Matrix(ReadOnlyMemory<float> values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.Length != (long)rows * columns)
        {
            throw new ArgumentException($"{rows} x {columns} values are needed, {values.Length} are given.", nameof(values));
        }

        Values = values;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>All values, row after row; length rows × columns.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>The value at (row, column), both counted from 0.</summary>
    public float this[int row, int column] => Row(row)[column];

    /// <summary>One row; length <see cref="Columns"/>.</summary>
    public ReadOnlySpan<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        return Values.Span.Slice(row * Columns, Columns);
    }

    /// <summary>Copies equally long rows into a new matrix.</summary>
    /// <exception cref="ArgumentException">There is no row, or the rows differ in length.</exception>
    public static Matrix FromRows(IReadOnlyList<float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            throw new ArgumentException("At least one row is needed to know the number of columns.", nameof(rows));
        }

        var columns = rows[0].Length;
        var values = new float[checked(rows.Count * columns)];
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != columns)
            {
                throw new ArgumentException($"Row {i} has {rows[i].Length} values, the first row has {columns}.", nameof(rows));
            }

            rows[i].CopyTo(values.AsSpan(i * columns));
        }

        return new Matrix(values, rows.Count, columns);
    }

    /// <summary>
    /// Copies the rows with the given indices, in that order, into a new matrix of indices.Length × <see cref="Columns"/>.
    /// </summary>
    public Matrix SelectRows(ReadOnlySpan<int> indices)
    {
        var values = new float[checked(indices.Length * Columns)];
        for (var i = 0; i < indices.Length; i++)
        {
            Row(indices[i]).CopyTo(values.AsSpan(i * Columns));
        }

        return new Matrix(values, indices.Length, Columns);
    }
}
