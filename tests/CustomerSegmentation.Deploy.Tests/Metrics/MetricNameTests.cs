using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using CustomerSegmentation.Deploy.Tests.Files;
using CustomerSegmentation.Deploy.Tests.Kubernetes;
using CustomerSegmentation.Deploy.Tests.Services;

namespace CustomerSegmentation.Deploy.Tests.Metrics;

/// <summary>Every metric that a dashboard, an alarm or an autoscaler asks for is one that the running service has.</summary>
public sealed partial class MetricNameTests
{
    private const string Adapter = "deploy/prometheus/adapter.yaml";

    private static readonly string[] LabelsOfTheScrape = ["pod", "namespace", "role", "le"];

    [OnnxFact]
    public async Task Dashboards_alarms_and_autoscalers_name_metrics_and_labels_that_exist()
    {
        OnnxFactAttribute.Require();
        var scrape = await ScrapeAsync();
        var names = scrape.Names.Union(ClusterMetrics.Recorded.Keys).ToHashSet();
        var labels = scrape.Samples.SelectMany(s => s.Labels.Keys).Concat(ClusterMetrics.Recorded.Values.SelectMany(l => l)).Concat(LabelsOfTheScrape).ToHashSet();
        var expressions = Expressions().ToList();
        Assert.True(expressions.Count > 25);
        foreach (var (place, expression) in expressions)
        {
            var found = MetricName().Matches(Grouping().Replace(expression, "")).Select(m => m.Value).ToList();
            Assert.True(found.Count > 0, $"{place} names no metric: {expression}");
            Assert.All(found, name => Assert.True(names.Contains(name), $"{place} names {name}, which the service does not have"));
            var asked = LabelName().Matches(expression).Select(m => m.Groups[1].Value)
                .Concat(Grouping().Matches(expression).SelectMany(m => m.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)));
            Assert.All(asked, label => Assert.True(labels.Contains(label), $"{place} names the label {label}, which no metric has"));
        }
    }

    [Fact]
    public void Dashboards_have_what_grafana_reads()
    {
        var files = Repository.Below("deploy/grafana", "*.json");
        Assert.Equal(4, files.Count);
        var ids = new List<string>();
        foreach (var file in files)
        {
            using var dashboard = JsonDocument.Parse(Repository.Read(file));
            var root = dashboard.RootElement;
            ids.Add(root.GetProperty("uid").GetString()!);
            Assert.True(root.GetProperty("schemaVersion").GetInt32() >= 36);
            var panels = root.GetProperty("panels").EnumerateArray().ToList();
            Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
            foreach (var panel in panels)
            {
                var place = panel.GetProperty("gridPos");
                Assert.True(place.GetProperty("x").GetInt32() + place.GetProperty("w").GetInt32() <= 24);
                Assert.NotEqual("", panel.GetProperty("title").GetString());
            }
        }

        Assert.Equal(files.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Every_alarm_is_explained_in_the_runbook()
    {
        var runbook = Repository.Read("deploy/RUNBOOK.md");
        var alarms = Yaml.Parse(Repository.Read("deploy/prometheus/alerts.yaml"))[0].Items("groups").SelectMany(g => g.Items("rules")).ToList();
        Assert.NotEmpty(alarms);
        foreach (var alarm in alarms)
        {
            Assert.Contains($"`{alarm.Text("alert")}`", runbook, StringComparison.Ordinal);
            Assert.Contains(alarm.Text("labels.severity"), new[] { "page", "ticket" });
            Assert.NotNull(alarm.Text("annotations.summary"));
        }

        var named = AlarmName().Matches(runbook).Select(m => m.Groups[1].Value);
        Assert.Superset(named.ToHashSet(), alarms.Select(a => a.Text("alert")!).ToHashSet());
    }

    private static IEnumerable<(string Place, string Expression)> Expressions()
    {
        foreach (var file in Repository.Below("deploy/grafana", "*.json"))
        {
            using var dashboard = JsonDocument.Parse(Repository.Read(file));
            foreach (var target in dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(p => p.GetProperty("targets").EnumerateArray()))
            {
                yield return (file, target.GetProperty("expr").GetString()!);
            }
        }

        const string Alerts = "deploy/prometheus/alerts.yaml";
        foreach (var rule in Yaml.Parse(Repository.Read(Alerts))[0].Items("groups").SelectMany(g => g.Items("rules")))
        {
            yield return (Alerts, rule.Text("expr")!);
        }

        var adapter = Regex.Match(Repository.Read(Adapter), "__name__=~\"([^\"]+)\"").Groups[1].Value;
        var external = Yaml.Parse(Repository.Read(Adapter))[0].Items("externalRules").Select(rule => rule.Text("seriesQuery")!).ToList();
        var metrics = new Manifests(Rendering.OfBase()).Of("HorizontalPodAutoscaler").SelectMany(h => h.Items("spec.metrics")).ToList();
        Assert.Equal(new[] { "External", "Pods", "Resource" }, metrics.Select(m => m.Text("type")).Distinct().Order(StringComparer.Ordinal));
        foreach (var name in metrics.Select(m => m.Text("pods.metric.name")).OfType<string>())
        {
            Assert.Matches($"^(?:{adapter})$", name);
            yield return ("an autoscaler", name);
        }

        foreach (var name in metrics.Select(m => m.Text("external.metric.name")).OfType<string>())
        {
            Assert.Contains(external, query => query.Contains($"__name__=\"{name}\"", StringComparison.Ordinal));
            yield return ("an autoscaler", name);
        }
    }

    /// <summary>A service that has done everything once.</summary>
    private static async Task<Exposition> ScrapeAsync()
    {
        await using var service = await RunningService.StartAsync(new Dictionary<string, string>(), "--set", "Telemetry:SegmentsSeconds=1");
        using var http = service.Client();
        for (var i = 0; i < 40; i++)
        {
            await http.PostAsJsonAsync("v1/track", new { userId = $"c{i}", @event = "Order Completed", properties = new { order_id = $"{i}", total = 10 * (i + 1) } });
        }

        await http.PostAsJsonAsync("v1/track", new { nobody = true });
        (await http.PostAsJsonAsync("api/segmentations", new { segmentCount = 2 })).EnsureSuccessStatusCode();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var scrape = Exposition.Parse(await http.GetStringAsync("metrics", patience.Token));
            if (scrape.Names.IsSupersetOf(["segmentation_segment_customers", "segmentation_inference_run_duration_seconds_bucket"]))
            {
                return scrape;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, patience.Token);
        }
    }

    [GeneratedRegex(@"\b(?:segmentation|http|dotnet|kestrel|orleans|npgsql|db)_[a-z0-9_]+\b(?=[{\[\s)]|$)")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"(?:[{,]\s*)([A-Za-z_]+)\s*(?:=~|!~|!=|=)")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"\bby \(([A-Za-z_, ]+)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex("`(Segmentation[A-Z][A-Za-z]+)`")]
    private static partial Regex AlarmName();
}
