namespace CustomerSegmentation.SiloHost.Import;

/// <summary>An order whose rows are being collected.</summary>
internal sealed class OpenOrder
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    public List<ImportedRow> Rows { get; } = [];

    /// <summary>Adds a row; false when the very same row is there already.</summary>
    public bool TryAdd(ImportedRow row, string text)
    {
        if (!_texts.Add(text))
        {
            return false;
        }

        Rows.Add(row);
        return true;
    }
}
