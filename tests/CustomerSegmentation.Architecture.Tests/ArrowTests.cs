using System.Text.RegularExpressions;

namespace CustomerSegmentation.Architecture.Tests;

/// <summary>Rooms see only the rooms that ARCHITECTURE.md lets them see.</summary>
public sealed partial class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Domain"] = ["Contracts"],
        ["Inference"] = ["Domain"],
        ["Learning"] = [],
        ["Storage"] = ["Domain"],
        ["Storage.Postgres"] = ["Storage"],
        ["Storage.Sqlite"] = ["Storage"],
        ["Actors"] = ["Domain", "Learning", "Storage"],
        ["Engine"] = ["Actors"],
        ["Engine.Embedded"] = ["Engine"],
        ["Engine.Orleans"] = ["Engine"],
        ["Client"] = ["Engine.Orleans"],
        ["Api"] = ["Contracts"],
        ["Dashboard"] = ["Contracts"],
    };

    [Fact]
    public void Every_room_is_known_here()
    {
        var rooms = Repository.Files("*.csproj").Where(f => f.StartsWith("src/", StringComparison.Ordinal)).Select(Room);
        Assert.Equal(Allowed.Keys.Order(), rooms.Order());
    }

    [Fact]
    public void Rooms_reference_only_the_rooms_they_may()
    {
        foreach (var (room, allowed) in Allowed)
        {
            var references = Repository.Projects[$"CustomerSegmentation.{room}"].Select(r => r["CustomerSegmentation.".Length..]);
            Assert.All(references, r => Assert.Contains(r, allowed));
        }
    }

    [Theory]
    [InlineData("Contracts", "PackageReference")]
    [InlineData("Domain", "Sqlite|Npgsql|Orleans|OnnxRuntime|AspNetCore")]
    [InlineData("Actors", "Sqlite|Npgsql|Orleans|OnnxRuntime|AspNetCore")]
    [InlineData("Inference", "Sqlite|Npgsql|Orleans|AspNetCore")]
    [InlineData("Learning", "ProjectReference|Sqlite|Npgsql|Orleans|OnnxRuntime|AspNetCore")]
    public void Rooms_stay_free_of_what_they_must_not_see(string room, string unwanted)
    {
        var project = Repository.Read($"src/CustomerSegmentation.{room}/CustomerSegmentation.{room}.csproj");
        Assert.DoesNotMatch(unwanted, project);
    }

    [Fact]
    public void Sources_use_only_namespaces_of_rooms_they_may_see()
    {
        foreach (var (room, _) in Allowed)
        {
            var seen = Reach(room).Append(room).Select(r => $"CustomerSegmentation.{r}").ToHashSet();
            foreach (var file in Repository.Files("*.cs").Where(f => f.StartsWith($"src/CustomerSegmentation.{room}/", StringComparison.Ordinal)))
            {
                foreach (Match use in UsedNamespace().Matches(Repository.Read(file)))
                {
                    Assert.True(seen.Any(s => use.Groups[1].Value == s || use.Groups[1].Value.StartsWith(s + ".", StringComparison.Ordinal)),
                        $"{file} uses {use.Groups[1].Value}");
                }
            }
        }
    }

    private static IEnumerable<string> Reach(string room) => Allowed[room].SelectMany(r => Reach(r).Append(r)).Distinct();

    private static string Room(string project) => Path.GetFileNameWithoutExtension(project)["CustomerSegmentation.".Length..];

    [GeneratedRegex(@"^using (?:static )?(CustomerSegmentation\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsedNamespace();
}
