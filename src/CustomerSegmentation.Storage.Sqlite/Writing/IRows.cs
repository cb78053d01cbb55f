using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Rows to be inserted.</summary>
internal interface IRows
{
    /// <summary>Binds the columns of a row to consecutive parameters.</summary>
    void Bind(Statement insert, int firstParameter, int row);
}
