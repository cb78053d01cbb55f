using System.Text;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Schema;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Inserts many rows a statement.</summary>
/// <param name="database">The writing connection.</param>
/// <param name="name">Of the embedded SQL, which ends with VALUES.</param>
/// <param name="columns">Values of a row.</param>
internal sealed class RowInsert(Database database, string name, int columns) : IDisposable
{
    /// <summary>Rows a statement, largest first.</summary>
    private static readonly int[] Sizes = [64, 8, 1];

    private readonly Statement?[] _inserts = new Statement?[Sizes.Length];

    public void Run<TRows>(TRows rows, int count)
        where TRows : IRows
    {
        var done = 0;
        for (var size = 0; size < Sizes.Length; size++)
        {
            for (; count - done >= Sizes[size]; done += Sizes[size])
            {
                var insert = _inserts[size] ??= Prepare(Sizes[size]);
                for (var i = 0; i < Sizes[size]; i++)
                {
                    rows.Bind(insert, 1 + i * columns, done + i);
                }

                insert.Run();
            }
        }
    }

    public void Dispose()
    {
        foreach (var insert in _inserts)
        {
            insert?.Dispose();
        }
    }

    private Statement Prepare(int rows)
    {
        var row = $"({string.Join(',', Enumerable.Repeat('?', columns))})";
        return database.Prepare(new StringBuilder(Scripts.Statements[name]).Append(' ').AppendJoin(',', Enumerable.Repeat(row, rows)).ToString());
    }
}
