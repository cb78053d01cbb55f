using CustomerSegmentation.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace CustomerSegmentation.Api.Live;

/// <summary>The live stream.</summary>
internal static class LiveRoutes
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/live", Stream)
        .WithTags("Operations")
        .WithSummary("What happens from now on, as server-sent events")
        .WithDescription("Events: transition, rates (once a second), segmentation (progress), heartbeat, each with its time. A slow reader loses the oldest items.")
        .Produces<string>(contentType: "text/event-stream")
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static IResult Stream(HttpContext context, LiveStream live, IHostApplicationLifetime lifetime)
    {
        if (!live.TryEnter())
        {
            context.Response.Headers.RetryAfter = "5";
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, "too_many_streams", "Too many live streams are open.");
        }

        context.Response.OnCompleted(() =>
        {
            live.Leave();
            return Task.CompletedTask;
        });
        context.Response.Headers["X-Accel-Buffering"] = "no";

        // A stopping host would otherwise wait for readers who never leave.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(stop);
        return TypedResults.ServerSentEvents(live.ReadAsync(stop.Token));
    }
}
