using System.Text.RegularExpressions;
using CustomerSegmentation.Deploy.Tests.Files;
using CustomerSegmentation.SiloHost.Hosting;

namespace CustomerSegmentation.Deploy.Tests.Settings;

/// <summary>Every setting that anything here names exists in the program.</summary>
public sealed partial class SettingNameTests
{
    private static readonly string[] Documents = ["README.md", "ARCHITECTURE.md", .. Repository.Below("deploy", "*.md"), .. Repository.Below("client-samples", "*.md")];

    [Fact]
    public void Variables_of_files_and_documents_are_options()
    {
        var found = 0;
        foreach (var file in Repository.Below("deploy").Concat(Documents).Distinct())
        {
            foreach (Match name in Variable().Matches(Repository.Read(file)))
            {
                found++;
                var option = name.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal);
                Assert.True(OptionCatalogue.Find(option) is { } known && known.Name == option, $"{file} sets {name.Value}, which is no option");
            }
        }

        Assert.True(found > 30);
    }

    [Fact]
    public void Options_in_documents_and_comments_exist()
    {
        var parts = OptionCatalogue.All.Select(o => o.Name).Where(n => n.Contains(':')).Select(n => n.Split(':')[0]).Distinct().ToHashSet();
        var found = 0;
        foreach (var file in Repository.Below("deploy").Concat(Documents).Distinct())
        {
            foreach (Match name in Option().Matches(Repository.Read(file)))
            {
                if (parts.Contains(name.Value.Split(':')[0]))
                {
                    found++;
                    Assert.True(OptionCatalogue.Find(name.Value) is not null, $"{file} names {name.Value}, which is no option");
                }
            }

            foreach (Match set in Set().Matches(Repository.Read(file)))
            {
                Assert.True(OptionCatalogue.Find(set.Groups[1].Value) is not null, $"{file} sets {set.Groups[1].Value}, which is no option");
            }
        }

        Assert.True(found > 10);
    }

    [Fact]
    public void Values_of_the_settings_file_are_taken_by_the_options_classes()
    {
        foreach (var (name, value) in EnvironmentFile.Parse(Repository.Read("deploy/kubernetes/base/settings.env")))
        {
            var option = OptionCatalogue.Find(name["Segmentation__".Length..].Replace("__", ":", StringComparison.Ordinal))!;
            if (int.TryParse(option.Default, out _))
            {
                Assert.True(int.TryParse(value, out _), $"{name}={value} is no number");
            }
        }
    }

    [GeneratedRegex(@"\bSegmentation__([A-Za-z]+(?:__[A-Za-z0-9]+)*)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+:[A-Z][A-Za-z0-9]+\b")]
    private static partial Regex Option();

    [GeneratedRegex(@"--set ([A-Za-z:0-9]+)=")]
    private static partial Regex Set();
}
