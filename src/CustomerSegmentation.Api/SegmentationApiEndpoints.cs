using CustomerSegmentation.Api.Admin;
using CustomerSegmentation.Api.Health;
using CustomerSegmentation.Api.Live;
using CustomerSegmentation.Api.Problems;
using CustomerSegmentation.Api.Query;
using CustomerSegmentation.Api.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CustomerSegmentation.Api;

/// <summary>Maps the paths of the HTTP interface.</summary>
public static class SegmentationApiEndpoints
{
    /// <summary>Maps <c>/v1</c> (tracking), <c>/api</c> (query and admin), <c>/healthz</c> and <c>/openapi/v1.json</c>.</summary>
    public static IEndpointRouteBuilder MapSegmentationApi(this IEndpointRouteBuilder endpoints)
    {
        TrackingRoutes.Map(endpoints);
        HealthRoutes.Map(endpoints);
        var api = endpoints.MapGroup("/api").RequireAdminKey();
        CustomerRoutes.Map(api);
        SegmentRoutes.Map(api);
        AudienceRoutes.Map(api);
        SegmentationRoutes.Map(api);
        ModelRoutes.Map(api);
        LogRoutes.Map(api);
        LiveRoutes.Map(api);
        api.Map("/{**rest}", (string? rest) => Problem.NotFound("There is no such path, or it does not know this method.")).ExcludeFromDescription();
        endpoints.MapOpenApi();
        return endpoints;
    }

    /// <summary>Maps <c>/healthz</c> alone: for a process that is probed and serves nothing else over HTTP.</summary>
    public static IEndpointRouteBuilder MapSegmentationHealth(this IEndpointRouteBuilder endpoints)
    {
        HealthRoutes.Map(endpoints);
        return endpoints;
    }
}
