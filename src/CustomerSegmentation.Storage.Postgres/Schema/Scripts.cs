using System.Collections.Frozen;
using System.Reflection;

namespace CustomerSegmentation.Storage.Postgres.Schema;

/// <summary>The SQL of this assembly: migrations by number, statements by the name above each.</summary>
internal static class Scripts
{
    private const string NameMark = "-- name: ";

    private static readonly Assembly Home = typeof(Scripts).Assembly;

    /// <summary>Statements of all files in <c>Sql/</c>.</summary>
    public static FrozenDictionary<string, string> Statements { get; } = ReadStatements().ToFrozenDictionary();

    /// <summary>Migrations in order, from version 1.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
        [.. Home.GetManifestResourceNames()
            .Where(n => n.StartsWith("Schema/Migrations/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Read)];

    private static IEnumerable<KeyValuePair<string, string>> ReadStatements()
    {
        foreach (var file in Home.GetManifestResourceNames().Where(n => n.StartsWith("Sql/", StringComparison.Ordinal)))
        {
            foreach (var part in ("\n" + Read(file)).Split('\n' + NameMark, StringSplitOptions.RemoveEmptyEntries))
            {
                var end = part.IndexOf('\n', StringComparison.Ordinal);
                yield return new(part[..end].Trim(), part[end..].Trim());
            }
        }
    }

    private static string Read(string resource)
    {
        using var stream = Home.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
