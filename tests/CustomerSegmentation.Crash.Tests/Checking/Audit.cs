using System.Globalization;
using System.Text.Json;
using CustomerSegmentation.Crash.Tests.Load;
using CustomerSegmentation.Crash.Tests.Service;

namespace CustomerSegmentation.Crash.Tests.Checking;

/// <summary>Compares what a service holds with what it has acknowledged.</summary>
internal static class Audit
{
    /// <summary>
    /// Every customer shows each acknowledged event exactly once, as a replay of the journal does, and segment sizes equal the rows of the profile index. Then
    /// stops the service, which must be a clean stop, and finds the same events in an export. The traffic has finished.
    /// </summary>
    public static async Task AssertExactAsync(Shop shop, Ledger ledger)
    {
        var expected = ledger.ByCustomer();
        var views = await ViewsAsync(shop, expected.Keys);
        foreach (var (customer, events) in expected)
        {
            AssertEqual(customer, events, views[customer]);
        }

        await AssertReplayAsync(shop, views);
        await AssertIndexAsync(shop, expected);
        Assert.Equal(0, await shop.StopAsync());
        await AssertEventsAsync(shop.Home, expected);
    }

    /// <summary>Customers as they are shown.</summary>
    public static async Task<Dictionary<string, JsonElement>> ViewsAsync(Shop shop, IEnumerable<string> customers)
    {
        var views = new Dictionary<string, JsonElement>();
        foreach (var customer in customers)
        {
            views.Add(customer, await shop.GetAsync($"api/customers/{customer}"));
        }

        return views;
    }

    /// <summary>Lists, segments and totals agree with each other and with the events, once the profile index has caught up.</summary>
    public static async Task AssertIndexAsync(Shop shop, Dictionary<string, List<SentEvent>> expected)
    {
        var rows = await CaughtUpAsync(shop, expected.Count, expected.Values.Sum(events => events.Count(e => e.IsOrder)));
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), rows.Select(row => row.GetProperty("id").GetString()));
        Assert.All(rows, row => Assert.Equal(expected[row.GetProperty("id").GetString()!].Sum(e => e.Total), row.GetProperty("monetary").GetDouble()));
        var segments = await shop.GetAsync("api/segments");
        Assert.Equal(rows.Count, segments.GetProperty("customers").GetInt64());
        Assert.Equal(rows.Count(row => Segment(row) is null), segments.GetProperty("unassigned").GetInt64());
        foreach (var segment in segments.GetProperty("segments").EnumerateArray())
        {
            var key = segment.GetProperty("key").GetString();
            var members = rows.Where(row => Segment(row) == key).ToList();
            Assert.Equal(members.Count, segment.GetProperty("size").GetInt64());
            Assert.Equal(members.Sum(row => row.GetProperty("monetary").GetDouble()), segment.GetProperty("monetary").GetDouble());
            Assert.Equal(members.Count, (await shop.ListAsync($"api/customers?segment={key}")).Count);
            Assert.Equal(members.Count, (await shop.GetAsync($"api/segments/{key}")).GetProperty("size").GetInt64());
        }
    }

    /// <summary>The rows of the profile index when they show so many customers with so many orders.</summary>
    private static async Task<List<JsonElement>> CaughtUpAsync(Shop shop, int customers, long orders)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var rows = await shop.ListAsync("api/customers");
            var shown = (rows.Count, rows.Sum(row => row.GetProperty("orders").GetInt64()));
            if (shown == (customers, orders))
            {
                return rows;
            }

            var waited = TimeProvider.System.GetElapsedTime(start);
            Assert.True(waited < ServiceProcess.Patience, $"The profile index stays at {shown} instead of {(customers, orders)}: {shop.Process.Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static void AssertEqual(string customer, List<SentEvent> events, JsonElement view)
    {
        var features = view.GetProperty("features");
        var shown = (view.GetProperty("sequence").GetInt64(), Number(features, "frequency"), Number(features, "monetary"), Number(features, "views"));
        var orders = events.Count(e => e.IsOrder);
        Assert.Equal(events.Count, events.DistinctBy(e => e.MessageId).Count());
        Assert.True(
            shown == (events.Count, orders, events.Sum(e => e.Total), events.Count - orders),
            $"{customer}: {events.Count} events, {orders} orders worth {events.Sum(e => e.Total)} were acknowledged; (sequence, orders, worth, views) is {shown}");
    }

    /// <summary>What is shown is what a replay of the journal gives, to the last bit.</summary>
    private static async Task AssertReplayAsync(Shop shop, Dictionary<string, JsonElement> views)
    {
        // The model is left out: it reads in the background, in parts, and rounds.
        var replayed = Table((await (await shop.ClientAsync()).GetStringAsync("api/export/features?featuresOnly=true")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(views.Count, replayed.Count);
        foreach (var row in replayed)
        {
            var features = views[row["customer_id"]].GetProperty("features");
            foreach (var (column, text) in row.Where(pair => pair.Key != "customer_id"))
            {
                var value = float.Parse(text, CultureInfo.InvariantCulture);
                var shown = features.TryGetProperty(column, out var feature) && feature.ValueKind == JsonValueKind.Number ? feature.GetSingle() : float.NaN;
                Assert.True(value.Equals(shown), $"{row["customer_id"]}: {column} was shown as {shown}, a replay of the journal gives {value}");
            }
        }
    }

    /// <summary>The journal holds the acknowledged events and no others, each customer's without a gap.</summary>
    private static async Task AssertEventsAsync(Home home, Dictionary<string, List<SentEvent>> expected)
    {
        var seen = expected.Keys.ToDictionary(customer => customer, _ => new List<string>());
        foreach (var row in await ExportEventsAsync(home))
        {
            var ids = seen[row["customer_id"]];
            ids.Add(row["order_id"] is { Length: > 0 } order ? order : row["product_ids"]);
            Assert.Equal(ids.Count.ToString(CultureInfo.InvariantCulture), row["sequence"]);
        }

        foreach (var (customer, events) in expected)
        {
            Assert.Equal(events.Select(e => e.MessageId).Order(StringComparer.Ordinal), seen[customer].Order(StringComparer.Ordinal));
        }
    }

    /// <summary>The rows that the command <c>export events</c> writes.</summary>
    public static async Task<List<Dictionary<string, string>>> ExportEventsAsync(Home home)
    {
        var file = Path.Combine(home.Folder, "events.csv");
        var (exitCode, _, log) = await ServiceProcess.RunAsync(["export", "events", "--out", file, .. home.Args]);
        Assert.True(exitCode == 0, log);
        return Table(await File.ReadAllLinesAsync(file));
    }

    /// <summary>Nothing in these tables is quoted.</summary>
    private static List<Dictionary<string, string>> Table(string[] lines)
    {
        var header = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => header.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private static string? Segment(JsonElement row) =>
        row.TryGetProperty("segment", out var segment) && segment.ValueKind == JsonValueKind.String ? segment.GetString() : null;

    private static double Number(JsonElement features, string name) => features.GetProperty(name).GetDouble();
}
