using System.Globalization;
using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Api.Problems;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Segments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CustomerSegmentation.Api.Query;

/// <summary>The segments of the active segmentation, and how customers move between them.</summary>
internal static class SegmentRoutes
{
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromDays(1);

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/segments").WithTags("Segments");
        group.MapGet("", GetAllAsync)
            .WithSummary("All segments of the active segmentation, largest share of the money first")
            .Produces<SegmentsView>();
        group.MapGet("/flows", GetFlowsAsync)
            .WithSummary("How many customers moved between segments since a time")
            .WithDescription("since is an ISO 8601 time; without it, the last day. Moves by re-clusterings do not count.")
            .Produces<FlowsBody>();
        group.MapGet("/{key}", GetAsync)
            .WithSummary("One segment")
            .Produces<SegmentView>();
    }

    private static async Task<IResult> GetAllAsync(ISegmentationEngine engine, CancellationToken cancellationToken) =>
        Results.Json(await engine.GetSegmentsAsync(cancellationToken), ApiJson.Default.SegmentsView);

    private static async Task<IResult> GetAsync(string key, ISegmentationEngine engine, CancellationToken cancellationToken) =>
        await engine.Segment(key).GetAsync(cancellationToken) is { } segment
            ? Results.Json(segment, ApiJson.Default.SegmentView)
            : Problem.NotFound("The active segmentation has no segment by this key.");

    private static async Task<IResult> GetFlowsAsync(
        ISegmentationEngine engine, TimeProvider clock, string? since, CancellationToken cancellationToken)
    {
        var from = clock.GetUtcNow() - DefaultWindow;
        if (!string.IsNullOrEmpty(since) && !DateTimeOffset.TryParse(
            since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out from))
        {
            throw new FormatException("since is not an ISO 8601 time.");
        }

        return Results.Json(new FlowsBody(from, await engine.GetFlowsAsync(from, cancellationToken), null), ApiJson.Default.FlowsBody);
    }
}
