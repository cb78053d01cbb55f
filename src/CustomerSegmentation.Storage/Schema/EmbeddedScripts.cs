using System.Collections.Frozen;
using System.Reflection;

namespace CustomerSegmentation.Storage.Schema;

/// <summary>The SQL that an assembly embeds: migrations by number, statements by the name above each.</summary>
internal sealed class EmbeddedScripts
{
    private const string NameMark = "-- name: ";

    private readonly Assembly _home;

    public EmbeddedScripts(Assembly home)
    {
        _home = home;
        Statements = ReadStatements().ToFrozenDictionary();
        Migrations =
        [
            .. home.GetManifestResourceNames()
                .Where(n => n.StartsWith("Schema/Migrations/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(Read),
        ];
    }

    /// <summary>Statements of all files in <c>Sql/</c>.</summary>
    public FrozenDictionary<string, string> Statements { get; }

    /// <summary>Migrations in order, from version 1.</summary>
    public IReadOnlyList<string> Migrations { get; }

    private IEnumerable<KeyValuePair<string, string>> ReadStatements()
    {
        foreach (var file in _home.GetManifestResourceNames().Where(n => n.StartsWith("Sql/", StringComparison.Ordinal)))
        {
            foreach (var part in ("\n" + Read(file)).Split('\n' + NameMark, StringSplitOptions.RemoveEmptyEntries))
            {
                var end = part.IndexOf('\n', StringComparison.Ordinal);
                yield return new(part[..end].Trim(), part[end..].Trim());
            }
        }
    }

    private string Read(string resource)
    {
        using var stream = _home.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
