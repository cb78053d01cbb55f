using System.Diagnostics;
using System.Runtime.Intrinsics;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Encoders;

/// <summary>
/// How an event looks to the sequence encoder: a row of <see cref="Columns"/> numbers, as src/training/SPECIFICATION.md lays down. Training writes the same
/// rows; a model's manifest names the <see cref="Version"/> it was trained on. Nothing here allocates.
/// </summary>
public static class TokenLayout
{
    /// <summary>Raised when a column changes its meaning.</summary>
    public const int Version = 1;

    /// <summary>Numbers in a row.</summary>
    public const int Columns = 11;

    /// <summary>Values of the category column: 0 for none, then the buckets of the hash.</summary>
    public const int CategoryValues = 256;

    /// <summary>Values of the product column: 0 for none, then the buckets of the hash.</summary>
    public const int ProductValues = 1024;

    private const int Width = 8;

    // The largest value of each column that a graph may use as an index, which is then a whole number; any finite number for the measures.
    private static readonly float[] Limits =
    [
        (int)EventKind.MergedInto, float.MaxValue, 23, 6, float.MaxValue, float.MaxValue, CategoryValues - 1, ProductValues - 1, (int)Channel.Server,
        (int)DeviceKind.Other, 1,
    ];

    /// <summary>Names of the columns, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["kind", "gap", "hour", "weekday", "amount", "quantity", "category", "product", "channel", "device", "discounted"];

    /// <summary>Writes one token.</summary>
    /// <param name="token">The event.</param>
    /// <param name="previousMs">Time of the customer's event before, in milliseconds since 1970-01-01 UTC; null for the first.</param>
    /// <param name="row">At least <see cref="Columns"/> numbers.</param>
    /// <exception cref="ArgumentException">The row is too short.</exception>
    public static void Write(in EncoderToken token, long? previousMs, Span<float> row)
    {
        if (row.Length < Columns)
        {
            throw new ArgumentException($"A row has {Columns} numbers, not {row.Length}.", nameof(row));
        }

        row[0] = (int)token.Kind;
        row[1] = previousMs is { } before ? (float)Math.Log(1 + (Math.Max(0, token.TimeMs - before) / 1_000.0)) : 0;
        row[2] = EventTime.Hour(token.TimeMs);
        row[3] = EventTime.Weekday(token.TimeMs);
        row[4] = token.LogAmount;
        row[5] = (float)Math.Log(1.0 + token.Quantity);
        row[6] = token.CategoryHash == 0 ? 0 : 1 + (token.CategoryHash % (CategoryValues - 1));
        row[7] = token.ProductHash == 0 ? 0 : 1 + (token.ProductHash % (ProductValues - 1));
        row[8] = (int)token.Channel;
        row[9] = (int)token.Device;
        row[10] = token.Discounted ? 1 : 0;
    }

    /// <summary>Writes tokens that follow one another.</summary>
    /// <param name="tokens">The events, oldest first.</param>
    /// <param name="previousMs">Time of the event before the first of them; null when there was none.</param>
    /// <param name="rows">At least <see cref="Columns"/> numbers for each token.</param>
    /// <exception cref="ArgumentException">The rows are too short.</exception>
    public static void Write(ReadOnlySpan<EncoderToken> tokens, long? previousMs, Span<float> rows)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            Write(tokens[i], previousMs, rows[(i * Columns)..]);
            previousMs = tokens[i].TimeMs;
        }
    }

    /// <summary>What is wrong with rows that come from elsewhere: a number that is not finite, below zero, or no value of its column. Null when all is well.</summary>
    public static string? FindFault(ReadOnlySpan<float> rows)
    {
        if (rows.Length % Columns != 0)
        {
            return $"{rows.Length} numbers are no whole rows of {Columns}";
        }

        for (var start = 0; start < rows.Length; start += Columns)
        {
            var row = rows.Slice(start, Columns);

            // Eleven columns are two vectors of eight that overlap; only a fault is looked at one by one.
            if (!Fits(row[..Width], Limits.AsSpan(0, Width)) || !Fits(row[^Width..], Limits.AsSpan(Columns - Width, Width)))
            {
                return Describe(row, start / Columns);
            }
        }

        return null;
    }

    private static bool Fits(ReadOnlySpan<float> values, ReadOnlySpan<float> limits)
    {
        var value = Vector256.Create(values);
        var limit = Vector256.Create(limits);
        var isWhole = Vector256.Equals(Vector256.Floor(value), value) | Vector256.Equals(limit, Vector256.Create(float.MaxValue));
        return Vector256.GreaterThanOrEqualAll(value, Vector256<float>.Zero) && Vector256.LessThanOrEqualAll(value, limit)
            && Vector256.EqualsAll(isWhole.AsInt32(), Vector256<int>.AllBitsSet);
    }

    private static string Describe(ReadOnlySpan<float> row, int number)
    {
        for (var column = 0; column < Columns; column++)
        {
            var (value, limit) = (row[column], Limits[column]);
            if (!(value >= 0 && value <= limit) || (limit < float.MaxValue && value != MathF.Floor(value)))
            {
                return $"event {number}: {Names[column]} is {value}{(limit < float.MaxValue ? $", not one of 0 to {limit}" : "")}";
            }
        }

        throw new UnreachableException();
    }
}
