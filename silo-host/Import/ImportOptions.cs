namespace CustomerSegmentation.SiloHost.Import;

/// <summary>How a table is laid out.</summary>
internal sealed class ImportOptions
{
    /// <summary>How the table is read.</summary>
    public required ImportFormat Format { get; init; }

    /// <summary>Columns of a <see cref="ImportFormat.Csv"/> table.</summary>
    public ColumnMap? Map { get; init; }

    /// <summary>Null detects it from the first lines.</summary>
    public FieldDelimiter? Delimiter { get; init; }

    /// <summary>True when the first line is data.</summary>
    public bool NoHeader { get; init; }
}
