using SQLitePCL;

namespace CustomerSegmentation.Crash.Tests.Disk;

/// <summary>Reaches into a database whose service has ended.</summary>
internal static class Sqlite
{
    static Sqlite() => Batteries_V2.Init();

    /// <summary>Runs a statement. The number of rows that it changed.</summary>
    public static int Execute(string path, string sql)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out var database));
        using (database)
        {
            var code = raw.sqlite3_exec(database, sql);
            Assert.True(code == raw.SQLITE_OK, raw.sqlite3_errmsg(database).utf8_to_string());
            return raw.sqlite3_changes(database);
        }
    }
}
