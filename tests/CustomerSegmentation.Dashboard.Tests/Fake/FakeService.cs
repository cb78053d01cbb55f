using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Dashboard.Tests.Fake;

/// <summary>The page with a query API of canned answers behind it, on a free loopback port.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly WebApplication _app;
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly LiveFeed _live = new();
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private LiveRates? _rates;

    private FakeService(WebApplication app)
    {
        _app = app;
        Customers = new FakeCustomers(_now);
        Segmentations = new FakeSegmentations(_now);
    }

    public Uri Address => new(_app.Urls.First());

    public FakeCustomers Customers { get; }

    public FakeSegmentations Segmentations { get; }

    /// <summary>The admin key that the API asks for; null lets everybody in.</summary>
    public string? AdminKey { get; set; }

    /// <summary>The sequence models.</summary>
    public ModelsView Models { get; set; } = new() { Lacking = "none is configured" };

    /// <summary>Answers as a service does that was just started.</summary>
    public bool Empty { get; set; }

    public static async Task<FakeService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            foreach (var converter in Json.Converters) options.SerializerOptions.Converters.Add(converter);
        });
        var app = builder.Build();
        var service = new FakeService(app);
        service.Map();
        await app.StartAsync();
        return service;
    }

    /// <summary>Answers a path with a status from now on; 0 ends it.</summary>
    public void Fail(string path, int status) => _failures[path] = status;

    public void Move(string customerId, string to) => Publish("transition", Customers.Move(customerId, to), null);

    /// <summary>A second's pulse; without <paramref name="seconds"/> it carries no time, and the reader's clock counts.</summary>
    public void Pulse(double eventsPerSecond, long rejections = 12, long? seconds = null)
    {
        _rates = new LiveRates
        {
            EventsPerSecond = eventsPerSecond,
            RejectionsPerSecond = eventsPerSecond / 100,
            TransitionsPerSecond = eventsPerSecond / 60,
            Events = Empty ? 0 : 1_067_371,
            Rejections = rejections,
            Customers = Empty ? 0 : FakeSegments.Customers,
            ActiveCustomers = Empty ? 0 : 1_204,
        };
        Publish("rates", _rates, seconds is null ? null : _now.AddSeconds(seconds.Value));
    }

    public void Progress(int version, SegmentationStatus status, string step, double progress) =>
        Publish("segmentation", Segmentations.Set(version, status, step, progress), _now);

    public void BreakLiveStreams() => _live.Break();

    public async ValueTask DisposeAsync()
    {
        _live.Break();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private void Publish(string name, object value, DateTimeOffset? time)
    {
        var node = JsonSerializer.SerializeToNode(value, Json)!.AsObject();
        if (time is not null) node["time"] = JsonValue.Create(time.Value);
        _live.Publish(name, node.ToJsonString());
    }

    private void Map()
    {
        _app.Use(GuardAsync);
        _app.MapDashboard();
        _app.MapGet("/api/segments", () => new SegmentsView
        {
            Version = Empty ? 0 : 3, Segments = Empty ? [] : FakeSegments.All, Customers = Empty ? 0 : FakeSegments.Customers, Unassigned = Empty ? 0 : 38,
        });
        _app.MapGet("/api/segments/flows", (DateTimeOffset since) => new { items = Flows((_now - since).TotalDays) });
        _app.MapGet("/api/audiences", () => new { items = Empty ? Array.Empty<object>() : [Audience] });
        _app.MapGet("/api/customers", (string? segment, string? cursor, int limit) => CustomerPage(segment, cursor, limit));
        _app.MapGet("/api/customers/{id}", (string id) => Found(Customers.Find(Decode(id))));
        _app.MapGet("/api/customers/{id}/history", (string id, long? before, int limit) =>
            Found(Customers.Find(Decode(id)) is null ? null : Customers.History(Decode(id), before, limit)));
        _app.MapGet("/api/customers/{id}/explanation", (string id) => Found(Customers.Find(Decode(id)) is null ? null : Customers.Explain(Decode(id))));
        _app.MapGet("/api/segmentations", () => new Page<SegmentationView> { Items = Empty ? [] : Segmentations.NewestFirst });
        _app.MapPost("/api/segmentations", (SegmentationRequest request) => Segmentations.Start(request));
        _app.MapGet("/api/segmentations/{version:int}", (int version) => Found(Segmentations.Find(version)));
        _app.MapPost("/api/segmentations/{version:int}/activate", (int version) => Segmentations.Set(version, SegmentationStatus.Activating, "assigning", 0.9));
        _app.MapPost("/api/segmentations/{version:int}/cancel", (int version) => Segmentations.Set(version, SegmentationStatus.Cancelled, "done", 1));
        _app.MapGet("/api/rejections", (string? cursor, int limit) => RejectionPage(cursor, limit));
        _app.MapGet("/api/models", () => Models);
        _app.MapGet("/api/live", StreamAsync);
    }

    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "";
        if (_failures.TryGetValue(path, out var status) && status != 0)
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(new { title = "Service Unavailable", detail = "The storage did not answer within 5 s." });
            return;
        }

        if (AdminKey is not null && path.StartsWith("/api/", StringComparison.Ordinal) && context.Request.Headers.Authorization != $"Bearer {AdminKey}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsJsonAsync(new { title = "Key needed" });
            return;
        }

        await next(context);
    }

    private async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(": hello\n\n");
        if (_rates is not null) await context.Response.WriteAsync($"event: rates\ndata: {RatesNow()}\n\n");
        await context.Response.Body.FlushAsync();
        await foreach (var text in _live.ReadAsync(context.RequestAborted))
        {
            // In two pieces: a reader must put together what the network took apart.
            await context.Response.WriteAsync(text[..(text.Length / 2)]);
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync(text[(text.Length / 2)..]);
            await context.Response.Body.FlushAsync();
        }
    }

    private string RatesNow()
    {
        var node = JsonSerializer.SerializeToNode(_rates, Json)!.AsObject();
        node["time"] = JsonValue.Create(_now);
        return node.ToJsonString();
    }

    /// <summary>Routing leaves an encoded slash in a path segment as it is.</summary>
    private static string Decode(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static IResult Found<T>(T? value) => value is null ? Results.NotFound(new { title = "Not found" }) : Results.Json(value, Json);

    private Page<CustomerSummary> CustomerPage(string? segment, string? cursor, int limit)
    {
        var start = cursor is null ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
        var all = Empty ? [] : Customers.All.Where(customer => segment is null || customer.Segment?.Key == segment).ToList();
        return new Page<CustomerSummary>
        {
            Items =
            [
                .. all.Skip(start).Take(limit).Select(customer => new CustomerSummary
                {
                    Id = customer.Id,
                    Segment = customer.Segment?.Key,
                    Probability = customer.Segment?.Probability ?? 0,
                    Monetary = customer.Features["monetary"],
                    Orders = (long)customer.Features["frequency"],
                    LastSeen = customer.LastSeen,
                }),
            ],
            Next = start + limit < all.Count ? (start + limit).ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    private Page<RejectionView> RejectionPage(string? cursor, int limit)
    {
        string[] codes = ["invalid_timestamp", "no_user_anon_id", "price_not_positive", "event_too_large"];
        string[] reasons =
        [
            "timestamp: \"yesterday\" is not an ISO 8601 time.", "userId or anonymousId must be given.",
            "price: -11,062.06 is below zero.", "The event has 41,022 bytes; 32,768 are allowed.",
        ];
        var newest = cursor is null ? 40L : long.Parse(cursor, CultureInfo.InvariantCulture);
        var items = new List<RejectionView>();
        for (var id = newest; id > 0 && items.Count < limit && !Empty; id--)
        {
            var kind = (int)(id % codes.Length);
            items.Add(new RejectionView
            {
                Id = id,
                Time = _now.AddMinutes(id - 41),
                Source = kind == 2 ? "import:online-retail.csv.gz" : "api",
                Code = codes[kind],
                Reason = reasons[kind],
                Position = kind == 2 ? 299_983 + id : kind,
                CustomerId = kind == 0 ? Customers.All[3].Id : null,
                Excerpt = kind == 0 ? $"{{\"event\":\"{FakeCustomers.Hostile}\",\"timestamp\":\"yesterday\"}}" : null,
            });
        }

        return new Page<RejectionView> { Items = items, Next = newest - items.Count > 0 && items.Count > 0 ? $"{newest - items.Count}" : null };
    }

    private IReadOnlyList<SegmentFlow> Flows(double days)
    {
        if (Empty) return [];
        var factor = Math.Max(1, (long)Math.Round(days));
        return
        [
            new() { From = null, To = "new", Customers = 18 * factor },
            new() { From = "new", To = "loyal", Customers = 6 * factor },
            new() { From = "new", To = "hibernating", Customers = 9 * factor },
            new() { From = "loyal", To = "champions", Customers = 4 * factor },
            new() { From = "champions", To = "loyal", Customers = 2 * factor },
            new() { From = "loyal", To = "at-risk", Customers = 7 * factor },
            new() { From = "at-risk", To = "hibernating", Customers = 5 * factor },
            new() { From = "hibernating", To = "bargain-hunters", Customers = 3 * factor },
            new() { From = "at-risk", To = "loyal", Customers = 2 * factor },
        ];
    }

    private object Audience => new
    {
        key = "big-spenders", name = "Big spenders", rule = new { feature = "monetary", above = 2_000 }, revision = 2, size = 611, changedAt = _now.AddDays(-3),
    };
}
