using CustomerSegmentation.Api.Tracking;
using Microsoft.AspNetCore.Routing;

namespace CustomerSegmentation.Api;

/// <summary>Maps the paths of the HTTP interface.</summary>
public static class SegmentationApiEndpoints
{
    public static IEndpointRouteBuilder MapSegmentationApi(this IEndpointRouteBuilder endpoints)
    {
        TrackingRoutes.Map(endpoints);
        return endpoints;
    }
}
