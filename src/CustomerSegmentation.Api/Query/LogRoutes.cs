using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Rejections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CustomerSegmentation.Api.Query;

/// <summary>What was refused, and which models there are.</summary>
internal static class LogRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/rejections", ListRejectionsAsync)
            .WithTags("Operations")
            .WithSummary("Refused events and lines, newest first, each with its reason")
            .Produces<Page<RejectionView>>();
        api.MapGet("/models", ([FromServices] IModelCatalogue? models) => Results.Json(models?.Read() ?? new ModelsView(), ApiJson.Default.ModelsView))
            .WithTags("Operations")
            .WithSummary("Sequence models, and how far the active one has read the customers; empty while segments come from features alone")
            .Produces<ModelsView>();
    }

    private static async Task<IResult> ListRejectionsAsync(
        ISegmentationEngine engine, string? cursor, int? limit, CancellationToken cancellationToken) =>
        Results.Json(
            await engine.ListRejectionsAsync(string.IsNullOrEmpty(cursor) ? null : cursor, PageLimit.Check(limit), cancellationToken),
            ApiJson.Default.PageRejectionView);
}
