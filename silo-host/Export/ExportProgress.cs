namespace CustomerSegmentation.SiloHost.Export;

/// <summary>How far an export is; written by the export, read by a display.</summary>
internal sealed class ExportProgress
{
    private long _rows;
    private long _bytes;

    /// <summary>Rows written; stays 0 while only bytes are known.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Bytes written before compression.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Why the model's columns are missing though nobody left them out; null otherwise.</summary>
    public string? Lacking { get; set; }

    public void AddRows(long rows) => Interlocked.Add(ref _rows, rows);

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
