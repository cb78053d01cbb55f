using System.Collections.Frozen;
using CustomerSegmentation.Storage.Schema;

namespace CustomerSegmentation.Storage.Postgres.Schema;

/// <summary>The SQL of this assembly.</summary>
internal static class Scripts
{
    private static readonly EmbeddedScripts Embedded = new(typeof(Scripts).Assembly);

    public static FrozenDictionary<string, string> Statements => Embedded.Statements;

    public static IReadOnlyList<string> Migrations => Embedded.Migrations;
}
