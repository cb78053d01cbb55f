using CustomerSegmentation.Api.Documentation;
using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Api.Problems;
using CustomerSegmentation.Api.Query;
using CustomerSegmentation.Api.Tracking;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Segmentations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Admin;

/// <summary>Re-clusterings: start, watch, activate, cancel.</summary>
internal static class SegmentationRoutes
{
    private const string Unknown = "There is no segmentation of this version.";

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/segmentations").WithTags("Segmentations");
        group.MapPost("", StartAsync)
            .WithSummary("Starts a re-clustering")
            .WithDescription("Answers at once; Location leads to the progress. While one runs, that one is given with alreadyRunning set.")
            .WithJsonBody<SegmentationStart>(isRequired: false)
            .Produces<SegmentationView>(StatusCodes.Status202Accepted);
        group.MapGet("", ListAsync)
            .WithSummary("All versions, newest first")
            .Produces<Page<SegmentationView>>();
        group.MapGet("/current", GetCurrentAsync)
            .WithSummary("The active version")
            .Produces<SegmentationView>();
        group.MapGet("/{version:int}", GetAsync)
            .WithSummary("One version: progress, metrics, lineage")
            .Produces<SegmentationView>();
        group.MapPost("/{version:int}/activate", ActivateAsync)
            .WithSummary("Makes a finished version the active one; an older one rolls back")
            .Produces<SegmentationView>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/{version:int}/cancel", CancelAsync)
            .WithSummary("Cancels a running re-clustering")
            .Produces<SegmentationView>();
    }

    private static async Task<IResult> StartAsync(
        HttpRequest request, ISegmentationEngine engine, InFlightGate gate, IOptions<ApiOptions> options, CancellationToken cancellationToken)
    {
        var start = await RequestJson.ReadAsync(request, ApiJson.Default.SegmentationStart, gate, options.Value.AdminRequestBytesMax);
        var view = await engine.Coordinator.StartAsync((start ?? new SegmentationStart()).ToRequest(), cancellationToken);
        return Accepted(request, view);
    }

    private static async Task<IResult> ListAsync(
        ISegmentationEngine engine, string? cursor, int? limit, CancellationToken cancellationToken) =>
        Results.Json(
            await engine.Coordinator.ListAsync(string.IsNullOrEmpty(cursor) ? null : cursor, PageLimit.Check(limit), cancellationToken),
            ApiJson.Default.PageSegmentationView);

    private static async Task<IResult> GetCurrentAsync(ISegmentationEngine engine, CancellationToken cancellationToken) =>
        Found(await engine.Coordinator.GetCurrentAsync(cancellationToken), "No segmentation was ever activated.");

    private static async Task<IResult> GetAsync(int version, ISegmentationEngine engine, CancellationToken cancellationToken) =>
        Found(await engine.Coordinator.GetAsync(version, cancellationToken), Unknown);

    private static async Task<IResult> ActivateAsync(
        int version, HttpRequest request, ISegmentationEngine engine, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.Coordinator.ActivateAsync(version, cancellationToken) is { } view
                ? Accepted(request, view)
                : Problem.NotFound(Unknown);
        }
        catch (InvalidOperationException exception)
        {
            return Problem.Of(StatusCodes.Status409Conflict, "not_ready", exception.Message);
        }
    }

    private static async Task<IResult> CancelAsync(int version, ISegmentationEngine engine, CancellationToken cancellationToken) =>
        Found(await engine.Coordinator.CancelAsync(version, cancellationToken), Unknown);

    private static IResult Found(SegmentationView? view, string unknown) =>
        view is null ? Problem.NotFound(unknown) : Results.Json(view, ApiJson.Default.SegmentationView);

    private static IResult Accepted(HttpRequest request, SegmentationView view)
    {
        request.HttpContext.Response.Headers.Location = $"{request.PathBase}/api/segmentations/{view.Version}";
        return Results.Json(view, ApiJson.Default.SegmentationView, statusCode: StatusCodes.Status202Accepted);
    }
}
