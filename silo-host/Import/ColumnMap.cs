using System.Globalization;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Which column holds what: <c>customer=COL,time=COL[:FORMAT],amount=COL,…</c> with columns by name or by number from 1.</summary>
internal sealed class ColumnMap
{
    private readonly Dictionary<ColumnRole, string> _columns = [];

    public TimeFormat Time { get; private set; } = TimeFormat.Iso;

    public static string RoleNames { get; } = string.Join(", ", Enum.GetNames<ColumnRole>().Select(name => name.ToLowerInvariant()));

    /// <summary>True when every column is given by its number, so that no header is needed.</summary>
    public bool IsByNumber => _columns.Values.All(column => TryNumber(column, out _));

    /// <exception cref="UsageError">The text is not a map, or lacks the customer or the time.</exception>
    public static ColumnMap Parse(string text)
    {
        var map = new ColumnMap();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == part.Length - 1)
            {
                throw new UsageError($"--map: '{part}' is not of the form role=column");
            }

            if (!Enum.TryParse<ColumnRole>(part[..equals].Trim(), ignoreCase: true, out var role) || char.IsDigit(part[0]))
            {
                throw new UsageError($"--map: '{part[..equals]}' is not a role; there are {RoleNames}");
            }

            var column = part[(equals + 1)..].Trim();
            if (role == ColumnRole.Time && column.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
            {
                map.Time = ReadFormat(column[(colon + 1)..]);
                column = column[..colon];
            }

            if (!map._columns.TryAdd(role, column))
            {
                throw new UsageError($"--map: {part[..equals]} is given twice");
            }
        }

        foreach (var role in new[] { ColumnRole.Customer, ColumnRole.Time })
        {
            if (!map._columns.ContainsKey(role))
            {
                throw new UsageError($"--map: {role.ToString().ToLowerInvariant()}=COLUMN is needed");
            }
        }

        return map;
    }

    public bool Has(ColumnRole role) => _columns.ContainsKey(role);

    /// <summary>The position of each mapped column from 0, by role; -1 for roles without a column.</summary>
    /// <param name="header">The table's header, or null when it has none.</param>
    /// <param name="columnCount">Columns of the first record.</param>
    /// <exception cref="CommandFailure">A column does not exist; the message lists those that do.</exception>
    public int[] Resolve(IReadOnlyList<string>? header, int columnCount)
    {
        var positions = Enumerable.Repeat(-1, Enum.GetValues<ColumnRole>().Length).ToArray();
        foreach (var (role, column) in _columns)
        {
            positions[(int)role] = Position(column, header, columnCount);
        }

        return positions;
    }

    private static int Position(string column, IReadOnlyList<string>? header, int columnCount)
    {
        if (header is not null)
        {
            for (var index = 0; index < header.Count; index++)
            {
                if (string.Equals(header[index].Trim(), column, StringComparison.OrdinalIgnoreCase))
                {
                    return index;
                }
            }
        }

        if (TryNumber(column, out var number))
        {
            return number <= columnCount
                ? number - 1
                : throw new CommandFailure($"--map names column {number}, the table has {columnCount}{Existing(header)}");
        }

        throw header is null
            ? new CommandFailure($"--map names the column '{column}', the table has no header: give numbers from 1 to {columnCount}")
            : new CommandFailure($"--map names the column '{column}', which the table has not{Existing(header)}");
    }

    private static string Existing(IReadOnlyList<string>? header) =>
        header is null ? "" : $"; there are: {string.Join(", ", header.Select((name, index) => $"{index + 1} {name.Trim()}"))}";

    private static bool TryNumber(string column, out int number) =>
        int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    private static TimeFormat ReadFormat(string text)
    {
        try
        {
            return TimeFormat.Parse(text);
        }
        catch (FormatException)
        {
            throw new UsageError($"--map: '{text}' is no time format: give iso, unix, unixms or a pattern such as yyyyMMdd");
        }
    }
}
