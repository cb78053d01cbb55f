using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.SiloHost.Hosting;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>Does what the README says, line by line, with the real executable in the place of <c>./run</c>, on free ports, in an empty folder.</summary>
public sealed class ReadmeTests : IAsyncLifetime
{
    private const string ReadmeUrl = "http://127.0.0.1:5080";
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly string _folder = Directory.CreateTempSubdirectory("segmentation-").FullName;
    private readonly HttpClient _http = new();
    private readonly List<HostProcess> _hosts = [];
    private Uri? _url;

    public Task InitializeAsync() => SalesTable.WriteAsync(In("sales.csv"));

    public Task DisposeAsync()
    {
        _hosts.ForEach(host => host.Dispose());
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Every_command_does_what_the_text_says()
    {
        var commands = ReadmeBlocks.Lines("sh").Where(command => !NeedsPostgres(command) && !NeedsModels(command)).ToArray();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            await DoAsync(command);
        }
    }

    [PostgresFact]
    public async Task Every_command_with_PostgreSQL_does_what_the_text_says()
    {
        await using var database = await TestDatabase.CreateAsync();
        var commands = ReadmeBlocks.Lines("sh").Where(NeedsPostgres).ToArray();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            await (command switch
            {
                "./run --postgres \"Host=127.0.0.1;Username=shop;Password=secret;Database=shop\"" =>
                    ServeAsync("--postgres", database.With("Password=secret")),
                _ => throw new InvalidOperationException($"The README has a command that no test knows: {command}"),
            });
        }

        // The keys are in the data folder, the events are not.
        Assert.NotNull(new KeyFile(In("data")).TryRead());
        Assert.False(File.Exists(In("data/customers.db")));
        Assert.Equal(0L, await database.ExecuteAsync("SELECT count(*) FROM segmentation.customer"));
    }

    [OnnxFact]
    public async Task Every_command_about_models_does_what_the_text_says()
    {
        using var models = new ModelFolder();
        var file = models.Add("2", new GruModel(seed: 2));
        File.Copy(Path.Combine(models.Path, file), In("shop.json"));
        File.Copy(Path.Combine(models.Path, "test-2.onnx"), In("test-2.onnx"));
        await ServeAsync("--data", "./my-shop");
        var commands = ReadmeBlocks.Lines("sh").Where(NeedsModels).ToArray();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            await (command switch
            {
                "./run models add shop.json --activate --data ./my-shop" => CommandAsync(Arguments(command), "test 2 is active"),
                "./run models list --data ./my-shop" => CommandAsync(Arguments(command), @"2 +test 2 +active[^\n]+\n.+ships with the program"),
                "./run models rollback --data ./my-shop" => CommandAsync(Arguments(command), "default .+ is active again"),
                _ => throw new InvalidOperationException($"The README has a command that no test knows: {command}"),
            });
        }
    }

    [NodeFact]
    public async Task Snippet_and_samples_work_with_the_published_SDK()
    {
        var modules = Repository.NodeModules ?? throw new InvalidOperationException(NodeFactAttribute.NotInstalled);
        await ServeAsync("--data", "./my-shop");
        await CommandAsync("import sales.csv --format csv --map customer=client,time=date,order=receipt,product=sku,quantity=qty,price=price --data ./my-shop");
        var keys = new KeyFile(In("my-shop")).TryRead()!;
        var sender = Variables(keys.WriteKey);
        Directory.CreateSymbolicLink(In("node_modules"), modules);
        var snippet = string.Join('\n', ReadmeBlocks.Lines("js"))
            .Replace("YOUR WRITE KEY", keys.WriteKey, StringComparison.Ordinal)
            .Replace(ReadmeUrl, Address, StringComparison.Ordinal);
        await File.WriteAllTextAsync(In("snippet.mjs"), snippet + "\nawait analytics.closeAndFlush();\n");
        File.Copy(Path.Combine(Repository.Root, "client-samples", "segment-sdk", "send.mjs"), In("send.mjs"));
        _http.DefaultRequestHeaders.Add("X-Admin-Key", keys.AdminKey);

        await Script.RunAsync(_folder, NoVariables, "node", "snippet.mjs");

        Assert.Equal(1, await FeatureAsync("ada", "views"));

        Assert.Contains("sent", await Script.RunAsync(_folder, sender, "node", "send.mjs"), StringComparison.Ordinal);

        // Her own view, and the home page and the product of the visitor who turned out to be her.
        Assert.Equal((3, 25), (await FeatureAsync("ada", "views"), await FeatureAsync("ada", "monetary")));
        await CommandAsync("recluster --segments 3 --data ./my-shop");
        await QueryAsync(Variables(keys.AdminKey), sender);
    }

    private async Task QueryAsync(Dictionary<string, string> reader, Dictionary<string, string> sender)
    {
        var query = Path.Combine(Repository.Root, "client-samples", "dashboard-query", "query.mjs");
        var segments = await Script.RunAsync(_folder, reader, "node", query);
        Assert.Matches(FormattableString.Invariant($@"^{SalesTable.Clients + 1} customers\n(.+: \d+ customers \(.+ of revenue\. .+\n){{3}}some .+: "), segments);
        Assert.Matches(@"^ada: 1 orders worth 25, last seen .+\n.+ % *\) since .+", await Script.RunAsync(_folder, reader, "node", query, "ada"));

        using var live = Script.Start(_folder, reader, "node", query, "--live");
        var line = live.ReadLineAsync();
        for (var visitor = 0; !line.IsCompleted && visitor < 100; visitor++)
        {
            // Whoever comes before the stream is open is not in it.
            await File.WriteAllTextAsync(In("send-one.mjs"), (await File.ReadAllTextAsync(In("send.mjs"))).Replace("'ada'", $"'visitor-{visitor}'", StringComparison.Ordinal));
            await Script.RunAsync(_folder, sender, "node", "send-one.mjs");
        }

        Assert.Matches(@"^\S+: .+ → \S+", await line.WaitAsync(TimeSpan.FromMinutes(1)) ?? "");
    }

    /// <summary>Each command of the README with what must come of it. A command that is not here has no test yet: it fails.</summary>
    private Task DoAsync(string command) => command switch
    {
        "./run --no-auth" => ServeAsync("--no-auth"),
        """curl -s http://127.0.0.1:5080/v1/track -d '{"userId":"ada","event":"Order Completed","properties":{"order_id":"1","total":42}}'""" =>
            ShellAsync(command, answer => Assert.Equal("""{"success":true}""", answer)),
        "curl -s http://127.0.0.1:5080/api/customers/ada" => ShellAsync(command, AssertIsAda),
        "./run simulate --customers 2000 --history 90d --duration 10s" =>
            CommandAsync(Arguments(command).Replace("--duration 10s", "--duration 1s", StringComparison.Ordinal), @"events of history sent.*\n[0-9,]+ live events sent"),
        "./run recluster" => CommandAsync(Arguments(command), @"version 1: [4-8] segments over [12],\d{3} customers"),
        "./run score --truth data/truth.csv" => ScoreAsync(command),
        "./run import sales.csv --format csv --map customer=client,time=date,order=receipt,product=sku,quantity=qty,price=price --data ./my-shop" =>
            ImportTwiceAsync(Arguments(command)),
        "./run recluster --data ./my-shop" => CommandAsync(Arguments(command), $"segments over {SalesTable.Clients} customers"),
        "./run export features --as-of 2025-06-01 --out features.csv --data ./my-shop" => ExportAsync(command),
        "./run --data ./my-shop" => ServeWithKeysAsync("--data", "./my-shop"),
        "./test" => IsExecutableAsync("test"),
        _ => throw new InvalidOperationException($"The README has a command that no test knows: {command}"),
    };

    private async Task ServeAsync(params string[] args)
    {
        var (host, url) = await HostProcess.ServeInAsync(_folder, args);
        _hosts.Add(host);
        _url = url;
    }

    private async Task ServeWithKeysAsync(params string[] args)
    {
        await ServeAsync(args);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync(new Uri(_url!, "/api/segments"))).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_url!, "/api/segments"));
        request.Headers.Add("X-Admin-Key", new KeyFile(In("my-shop")).TryRead()!.AdminKey);
        using var answer = await _http.SendAsync(request);
        using var segments = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.InRange(segments.RootElement.GetProperty("segments").GetArrayLength(), 2, 8);
    }

    private async Task ShellAsync(string command, Action<string> check) =>
        check(await Script.RunAsync(_folder, NoVariables, "sh", "-c", command.Replace(ReadmeUrl, Address, StringComparison.Ordinal)));

    private static void AssertIsAda(string answer)
    {
        using var customer = JsonDocument.Parse(answer);
        Assert.Equal("ada", customer.RootElement.GetProperty("id").GetString());
        Assert.Equal(42, customer.RootElement.GetProperty("features").GetProperty("monetary").GetDouble());
    }

    private async Task ScoreAsync(string command)
    {
        var said = await CommandAsync(Arguments(command), "adjusted Rand index");
        var index = double.Parse(Regex.Match(said, @"adjusted Rand index\D+([0-9.]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(index, 0.2, 1);
    }

    private async Task ImportTwiceAsync(string args)
    {
        await CommandAsync(args, @"new / known already +[1-9][0-9,]* / 0\n");
        await CommandAsync(args, @"new / known already +0 / [1-9]");
    }

    private async Task ExportAsync(string command)
    {
        await CommandAsync(Arguments(command));
        var lines = await File.ReadAllLinesAsync(In("features.csv"));
        Assert.StartsWith("customer_id,", lines[0], StringComparison.Ordinal);
        Assert.Equal(SalesTable.Clients - 5, lines.Length - 1);
    }

    private static Task IsExecutableAsync(string name)
    {
        var path = Path.Combine(Repository.Root, name);
        Assert.True(File.Exists(path), path);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), path);
        return Task.CompletedTask;
    }

    private async Task<string> CommandAsync(string args, string pattern = "")
    {
        var (exitCode, output, error) = await HostProcess.RunInAsync(_folder, args.Split(' '));
        Assert.True(exitCode == 0, $"{args}: {error}");
        Assert.Matches(pattern, output);
        return output;
    }

    private async Task<double> FeatureAsync(string customer, string feature)
    {
        using var view = JsonDocument.Parse(await _http.GetStringAsync(new Uri(_url!, $"/api/customers/{customer}")));
        return view.RootElement.GetProperty("features").GetProperty(feature).GetDouble();
    }

    private Dictionary<string, string> Variables(string key) => new() { ["SEGMENTATION_URL"] = Address, ["SEGMENTATION_KEY"] = key };

    private static bool NeedsPostgres(string command) => command.Contains("--postgres", StringComparison.Ordinal);

    private static bool NeedsModels(string command) => command.StartsWith("./run models ", StringComparison.Ordinal);

    private static string Arguments(string command) => command["./run ".Length..];

    private string Address => _url!.GetLeftPart(UriPartial.Authority);

    private string In(string name) => Path.Combine(_folder, name);
}
