using System.Text;
using SQLitePCL;

namespace CustomerSegmentation.Storage.Sqlite.Connections;

/// <summary>A prepared statement. Parameters count from 1, columns from 0.</summary>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
{
    private const int StackBytes = 512;
    private bool _unfinished;

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public Statement Bind(int index, double value)
    {
        Check(raw.sqlite3_bind_double(handle, index, value));
        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    /// <summary>Binds text by its length: it may contain NUL.</summary>
    public Statement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        if (value.Length == 0)
        {
            Check(raw.sqlite3_bind_text(handle, index, value));
            return this;
        }

        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> bytes = size <= StackBytes ? stackalloc byte[StackBytes] : new byte[size];
        var length = Encoding.UTF8.GetBytes(value, bytes);
        Check(raw.sqlite3_bind_text(handle, index, bytes[..length]));
        return this;
    }

    public Statement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(handle, index));
        return this;
    }

    /// <summary>True when there is a row; after the last one the statement is reset.</summary>
    public bool Step()
    {
        var code = TryStep();
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw database.Error(code),
        };
    }

    /// <summary>One step; anything but a row resets the statement. The result code.</summary>
    public int TryStep()
    {
        var code = raw.sqlite3_step(handle);
        _unfinished = code == raw.SQLITE_ROW;
        if (!_unfinished)
        {
            var reset = raw.sqlite3_reset(handle);
            return code == raw.SQLITE_DONE || reset == raw.SQLITE_OK ? code : reset;
        }

        return code;
    }

    /// <summary>Steps through all rows.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>Ends a statement before its last row: an unfinished one holds its read transaction open.</summary>
    public void Reset()
    {
        if (_unfinished)
        {
            raw.sqlite3_reset(handle);
            _unfinished = false;
        }
    }

    /// <summary>Lets go of bound values, which may be personal data.</summary>
    public void ClearBindings() => raw.sqlite3_clear_bindings(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long GetInt64(int column) => raw.sqlite3_column_int64(handle, column);

    public int GetInt32(int column) => raw.sqlite3_column_int(handle, column);

    public double GetDouble(int column) => raw.sqlite3_column_double(handle, column);

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> GetBytes(int column) => raw.sqlite3_column_blob(handle, column);

    /// <summary>Read by its length: it may contain NUL.</summary>
    public string GetText(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    public string? GetTextOrNull(int column) => IsNull(column) ? null : GetText(column);

    public void Dispose() => handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw database.Error(code);
        }
    }
}
