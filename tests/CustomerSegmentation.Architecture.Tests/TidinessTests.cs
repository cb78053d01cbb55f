using System.Text.RegularExpressions;

namespace CustomerSegmentation.Architecture.Tests;

/// <summary>What keeps the tree readable.</summary>
public sealed partial class TidinessTests
{
    private const int LinesMax = 450;

    private static IEnumerable<string> Sources => Repository.Files("*.cs");

    [Fact]
    public void Files_are_short_enough_to_read()
    {
        Assert.All(Sources, f => Assert.True(Repository.Read(f).Count(c => c == '\n') <= LinesMax, $"{f} has more than {LinesMax} lines"));
    }

    [Fact]
    public void Namespaces_equal_paths()
    {
        foreach (var file in Sources.Where(f => f.StartsWith("src/", StringComparison.Ordinal)))
        {
            var declared = DeclaredNamespace().Match(Repository.Read(file)).Groups[1].Value;
            if (declared.Length > 0)
            {
                Assert.Equal(Path.GetDirectoryName(file)!.Replace('\\', '/')["src/".Length..].Replace('/', '.'), declared);
            }
        }
    }

    [Fact]
    public void Files_hold_one_public_type_named_after_them()
    {
        foreach (var file in Sources.Where(f => f.StartsWith("src/", StringComparison.Ordinal)))
        {
            var types = PublicType().Matches(Repository.Read(file)).Select(m => m.Groups[1].Value).Distinct().ToList();
            Assert.True(types.Count <= 1, $"{file} holds {string.Join(", ", types)}");
            if (types.Count == 1)
            {
                Assert.Equal(types[0], Path.GetFileNameWithoutExtension(file).Split('.')[0]);
            }
        }
    }

    [Fact]
    public void Folders_are_capabilities_not_drawers()
    {
        Assert.All(Sources, f => Assert.DoesNotMatch("(^|/)(Helpers?|Utils?|Utilities|Common|Managers?|Misc)/", f));
    }

    [Fact]
    public void Projects_take_versions_from_the_central_file()
    {
        Assert.All(Repository.Files("*.csproj"), f => Assert.DoesNotContain("Version=", Repository.Read(f)));
    }

    [Fact]
    public void Lock_files_name_no_registry()
    {
        var locks = Repository.Files("package-lock.json").ToList();
        Assert.NotEmpty(locks);
        Assert.All(locks, f => Assert.DoesNotContain("\"resolved\"", Repository.Read(f)));
    }

    [Fact]
    public void Thread_pool_escapes_stay_out_of_the_deterministic_rooms()
    {
        string[] rooms = ["src/CustomerSegmentation.Actors/", "src/CustomerSegmentation.Engine/", "src/CustomerSegmentation.Engine.Embedded/", "src/CustomerSegmentation.Engine.Orleans/", "src/CustomerSegmentation.Storage/"];
        foreach (var file in Sources.Where(f => rooms.Any(r => f.StartsWith(r, StringComparison.Ordinal))))
        {
            Assert.DoesNotMatch(@"ConfigureAwait\(false\)|Task\.Run\(|ThreadPool\.|Parallel\.|new Thread\(", Repository.Read(file));
        }
    }

    [Fact]
    public void Nothing_is_left_to_do_in_comments()
    {
        Assert.All(Sources.Where(f => !f.Contains("Architecture.Tests")), f => Assert.DoesNotMatch(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException", Repository.Read(f)));
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex DeclaredNamespace();

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|readonly|ref|partial|unsafe) )*(?:class|struct|record struct|record class|record|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
