namespace CustomerSegmentation.Learning;

/// <summary>
/// A matrix holds a value no distance can be computed from: not a number, an infinity, or a value so large
/// that squared distances, added up over the rows, leave single precision (3e38).
/// </summary>
public sealed class InvalidMatrixException : ArgumentException
{
    /// <summary>Names the first value that is not finite, or else the largest.</summary>
    public InvalidMatrixException(int row, int column, float value)
        : base($"The value at row {row}, column {column} is {value}: {Reason(value)}.")
    {
        Row = row;
        Column = column;
        Value = value;
    }

    /// <summary>Row of the offending value, counted from 0.</summary>
    public int Row { get; }

    /// <summary>Column of the offending value, counted from 0.</summary>
    public int Column { get; }

    /// <summary>The offending value.</summary>
    public float Value { get; }

    private static string Reason(float value) =>
        float.IsFinite(value) ? "squared distances overflow single precision" : "only finite numbers are allowed";
}
