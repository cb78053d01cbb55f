using System.Text.RegularExpressions;
using CustomerSegmentation.Deploy.Tests.Files;
using CustomerSegmentation.Deploy.Tests.Kubernetes;

namespace CustomerSegmentation.Deploy.Tests.Documents;

/// <summary>What the operators' documents tell their readers to type names files, commands, options and workloads that exist.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Documents = ["deploy/README.md", "deploy/RUNBOOK.md"];

    private static readonly string[] Programs =
    [
        "kubectl", "docker", "psql", "pg_basebackup", "pg_ctl", "pg_dump", "pg_restore", "createdb", "curl", "./run", "cp", "for", "do", "done", "export", "openssl", "sleep", "CREATE", "mv", "touch", "restore_command", "recovery_target_time", "recovery_target_action", "archive_command", "archive_mode", "wal_level",
    ];

    [Fact]
    public void Lines_begin_with_known_programs_and_their_files_exist()
    {
        var lines = Documents.SelectMany(ShellLines).ToList();
        Assert.True(lines.Count > 20);
        foreach (var line in lines)
        {
            Assert.Contains(line.Split(' ')[0], Programs);
            foreach (Match file in FileName().Matches(line))
            {
                var path = Repository.Path(file.Value.TrimEnd('/'));
                Assert.True(File.Exists(path) || Directory.Exists(path), $"{line}: there is no {file.Value}");
            }
        }
    }

    [Fact]
    public void Workloads_in_commands_exist()
    {
        var manifests = new Manifests(Rendering.OfBase());
        var known = manifests.Workloads.Select(Manifests.NameOf).ToHashSet();
        var found = Documents.SelectMany(ShellLines).SelectMany(line => Workload().Matches(line)).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(found);
        Assert.All(found, name => Assert.Contains(name, known));
    }

    [Fact]
    public void Paths_of_the_service_that_commands_ask_exist()
    {
        var routes = Repository.Below("src/CustomerSegmentation.Api", "*.cs").Select(Repository.Read).ToList();
        foreach (Match path in ServicePath().Matches(string.Join('\n', Documents.SelectMany(ShellLines))))
        {
            var first = path.Groups[1].Value;
            Assert.Contains(routes, text => text.Contains($"\"/{first}", StringComparison.Ordinal) || text.Contains($"/api/{first}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Commands_of_the_program_and_their_options_exist()
    {
        var sources = string.Concat(Repository.Below("silo-host/Commands", "*.cs").Select(Repository.Read));
        foreach (var line in Documents.SelectMany(ShellLines).Where(l => l.StartsWith("./run", StringComparison.Ordinal)))
        {
            foreach (Match option in LongOption().Matches(line))
            {
                Assert.Contains($"\"{option.Value}\"", sources, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Links_lead_somewhere()
    {
        foreach (var file in Documents.Append("deploy/CAPACITY.md").Concat(Repository.Below("client-samples", "*.md")))
        {
            foreach (Match link in Link().Matches(Repository.Read(file)).Where(l => !l.Groups[1].Value.Contains("://", StringComparison.Ordinal)))
            {
                var target = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repository.Path(file))!, link.Groups[1].Value.Split('#')[0]));
                Assert.True(File.Exists(target) || Directory.Exists(target), $"{file} links to {link.Groups[1].Value}");
            }
        }
    }

    /// <summary>Commands in blocks of shell, continued lines joined.</summary>
    public static IEnumerable<string> ShellLines(string file) => ShellBlock()
        .Matches(Repository.Read(file))
        .SelectMany(block => Regex.Replace(block.Groups[1].Value, @"\\\n\s*", "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Where(line => !line.StartsWith('#'));

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"(?<![\w/.])deploy/[\w./-]+(?<!/\.env)(?![\w./-])")]
    private static partial Regex FileName();

    [GeneratedRegex(@"deployment/([a-z]+)")]
    private static partial Regex Workload();

    [GeneratedRegex(@"/api/([a-z]+)")]
    private static partial Regex ServicePath();

    [GeneratedRegex(@"(?<=\s)--[a-z-]+")]
    private static partial Regex LongOption();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
