using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Export;
using CustomerSegmentation.SiloHost.Hosting;
using CustomerSegmentation.SiloHost.Tests.Fakes;

namespace CustomerSegmentation.SiloHost.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segmentation-").FullName;
    private readonly FakeAccess _access = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private ServiceSettings? _served;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("serve-it")]
    [InlineData("import")]
    [InlineData("import file.csv")]
    [InlineData("import file.csv --format xml")]
    [InlineData("import file.csv --format csv")]
    [InlineData("import file.csv --format csv --map customer=1")]
    [InlineData("import file.csv --format csv --map customer=1,time=2 --delimiter abc")]
    [InlineData("import file.csv --format online-retail --map customer=1,time=2")]
    [InlineData("recluster --segments 1")]
    [InlineData("recluster --segments many")]
    [InlineData("export")]
    [InlineData("export everything --out f.csv")]
    [InlineData("export features")]
    [InlineData("export features --as-of soon --out f.csv")]
    [InlineData("export features --from 2011-06-01 --out f.csv")]
    [InlineData("export events --to soon --out f.csv")]
    [InlineData("export events --as-of 2011-06-01 --to 2011-06-02 --out f.csv")]
    [InlineData("simulate --customers 0")]
    [InlineData("simulate --history long")]
    [InlineData("simulate --url shop")]
    [InlineData("score")]
    [InlineData("keys --new root")]
    [InlineData("--urls shop")]
    [InlineData("--set Colour=red")]
    [InlineData("--unknown")]
    public async Task Wrong_usage_ends_with_2_and_one_line(string line)
    {
        Assert.Equal(2, await RunAsync(line));
        Assert.StartsWith("error: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Single(_error.ToString().Trim().Split('\n'));
        Assert.Null(_served);
    }

    [Fact]
    public async Task No_command_serves_with_the_settings()
    {
        Assert.Equal(0, await RunAsync($"--data {_folder} --urls http://127.0.0.1:1234 --no-auth --set ConnectionsMax=7"));

        Assert.Equal((_folder, false), (_served!.Location.DataFolder, _served.RequireKeys));
        Assert.Equal(["http://127.0.0.1:1234"], _served.Urls);
        Assert.Equal("7", Assert.Single(_served.Location.Overrides).Value);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("import --help")]
    [InlineData("export --help")]
    [InlineData("simulate --help")]
    public async Task Help_shows_examples(string line)
    {
        Assert.Equal(0, await RunAsync(line));
        Assert.Contains("Examples:", _output.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"Usage:\s+run ", _output.ToString());
    }

    [Fact]
    public async Task Options_are_listed_with_their_defaults()
    {
        Assert.Equal(0, await RunAsync("options"));
        Assert.Contains(nameof(ServiceOptions.ConnectionsMax), _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("4096", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_reports_what_it_did()
    {
        var file = Path.Combine(_folder, "cdnow.txt");
        await File.WriteAllTextAsync(file, " 00001 19970101  1   11.77\n 00002 19970112  5   77.00\n");

        Assert.Equal(0, await RunAsync($"import {file} --format csv --map customer=1,time=2:yyyyMMdd,quantity=3,amount=4"));

        Assert.Equal(2, _access.Engine.Events.Count);
        Assert.Contains("2: 2 orders", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("88.77", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_file_ends_with_1_and_one_line()
    {
        Assert.Equal(1, await RunAsync($"import {_folder}/none.csv --format online-retail"));
        Assert.Single(_error.ToString().Trim().Split('\n'));
    }

    [Fact]
    public async Task Recluster_follows_the_progress_and_shows_the_segments()
    {
        Assert.Equal(0, await RunAsync("recluster --segments 5 --seed 9"));

        Assert.Equal((5, 9, true), (_access.Requested!.SegmentCount, _access.Requested.Seed, _access.Requested.Activate));
        Assert.Contains("Champions", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("80", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_reclustering_ends_with_1_and_its_reason()
    {
        _access.EndsAs = SegmentationStatus.Failed;

        Assert.Equal(1, await RunAsync("recluster"));
        Assert.Contains("too few customers", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_writes_the_whole_file_compressed_by_its_name()
    {
        var file = Path.Combine(_folder, "features.csv.gz");

        Assert.Equal(0, await RunAsync($"export features --as-of 2011-06-12 --out {file}"));

        await using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        Assert.Equal("customer_id\nada\n", await new StreamReader(gzip).ReadToEndAsync());
        Assert.Equal(new ExportRequest(ExportKind.Features, new DateTimeOffset(2011, 6, 12, 0, 0, 0, TimeSpan.Zero)), _access.Exported);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Export_of_events_takes_a_range_of_time()
    {
        Assert.Equal(0, await RunAsync($"export events --from 2011-06-01 --to 2011-06-12 --out {_folder}/events.csv"));

        Assert.Equal(
            (ExportKind.Events, new DateTimeOffset(2011, 6, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2011, 6, 12, 0, 0, 0, TimeSpan.Zero)),
            (_access.Exported!.Kind, _access.Exported.From, _access.Exported.AsOf));
    }

    [Fact]
    public async Task Simulated_history_is_sent_and_scored_against_the_segments()
    {
        var truth = Path.Combine(_folder, "truth.csv");

        Assert.Equal(0, await RunAsync($"simulate --customers 40 --history 20d --duration 0 --truth {truth}"));

        var known = _access.Engine.Events.Keys.Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(known);
        _access.Customers.AddRange(known.Select((id, index) => new CustomerSummary { Id = id, Segment = index % 2 == 0 ? "champions" : "hibernating" }));
        Assert.Equal(0, await RunAsync($"score --truth {truth}"));
        Assert.Contains("adjusted Rand index", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(SiloHost.Simulation.VisitorType.Browser), _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulated_live_traffic_counts_live_events_alone()
    {
        Assert.Equal(0, await RunAsync($"simulate --customers 40 --history 20d --rate 1 --duration 30m --truth {_folder}/truth.csv"));

        var counts = Regex.Match(_output.ToString(), @"^([0-9,]+) events of history[\s\S]+\n([0-9,]+) live events sent, ([0-9,]+) in all").Groups;
        var (history, live, all) = (Number(counts[1].Value), Number(counts[2].Value), Number(counts[3].Value));
        Assert.True(history > 1_800, $"{history} events of history");
        Assert.InRange(live, 0, 1_800);
        Assert.Equal(history + live, all);
        Assert.All(Regex.Matches(_error.ToString(), "live: ([0-9,]+) events"), line => Assert.InRange(Number(line.Groups[1].Value), 0, live));
    }

    [Fact]
    public async Task Keys_are_shown_when_asked_and_kept_from_others()
    {
        Assert.Equal(1, await RunAsync($"keys --data {_folder}"));
        Assert.Equal(0, await RunAsync($"keys --new write --data {_folder}"));
        var file = new KeyFile(_folder);
        var keys = file.TryRead()!;
        Assert.DoesNotContain(keys.AdminKey, _output.ToString(), StringComparison.Ordinal);

        Assert.Equal(0, await RunAsync($"keys --show --data {_folder}"));

        Assert.Contains(keys.AdminKey, _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(file.Location));
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private Task<int> RunAsync(string line)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var services = new CommandServices(
            new CommandConsole(_output, _error, isTerminal: false), new TestClock(), new FakeOpener(_access), (settings, _) =>
            {
                _served = settings;
                return Task.CompletedTask;
            });
        return new CommandLineApplication(services).RunAsync(line.Split(' '), CancellationToken.None);
    }
}
