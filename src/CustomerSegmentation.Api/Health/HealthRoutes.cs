using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CustomerSegmentation.Api.Health;

/// <summary>Paths for probes; open to everybody.</summary>
internal static class HealthRoutes
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/healthz").WithTags("Health");
        group.MapGet("/live", () => Results.Json(new HealthBody("live", null, null), ApiJson.Default.HealthBody))
            .WithSummary("Whether the process answers")
            .Produces<HealthBody>();
        group.MapGet("/ready", (ISegmentationEngine engine) => Ready(engine.Health))
            .WithSummary("Whether events can be taken now")
            .Produces<HealthBody>()
            .Produces<HealthBody>(StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult Ready(EngineHealth health) => health.Ready
        ? Results.Json(new HealthBody("ready", null, health.QueueFill, health.Encoder), ApiJson.Default.HealthBody)
        : Results.Json(
            new HealthBody("unavailable", health.Reason, health.QueueFill, health.Encoder), ApiJson.Default.HealthBody,
            statusCode: StatusCodes.Status503ServiceUnavailable);
}
