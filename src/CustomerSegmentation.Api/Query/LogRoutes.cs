using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Rejections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CustomerSegmentation.Api.Query;

/// <summary>What was refused.</summary>
internal static class LogRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/rejections", ListRejectionsAsync)
            .WithTags("Operations")
            .WithSummary("Refused events and lines, newest first, each with its reason")
            .Produces<Page<RejectionView>>();
    }

    private static async Task<IResult> ListRejectionsAsync(
        ISegmentationEngine engine, string? cursor, int? limit, CancellationToken cancellationToken) =>
        Results.Json(
            await engine.ListRejectionsAsync(string.IsNullOrEmpty(cursor) ? null : cursor, PageLimit.Check(limit), cancellationToken),
            ApiJson.Default.PageRejectionView);
}
