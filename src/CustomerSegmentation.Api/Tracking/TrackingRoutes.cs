using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>The paths of the tracking API. Raw delegates: no binding, no filters, nothing between the server and the parser.</summary>
internal static class TrackingRoutes
{
    /// <summary>Paths with the call that each makes; the short ones are those of the SDKs.</summary>
    public static readonly IReadOnlyList<(string Path, TrackingCall Call)> All =
    [
        ("/v1/track", TrackingCall.Track), ("/v1/t", TrackingCall.Track),
        ("/v1/identify", TrackingCall.Identify), ("/v1/i", TrackingCall.Identify),
        ("/v1/page", TrackingCall.Page), ("/v1/p", TrackingCall.Page),
        ("/v1/screen", TrackingCall.Screen), ("/v1/s", TrackingCall.Screen),
        ("/v1/group", TrackingCall.Group), ("/v1/g", TrackingCall.Group),
        ("/v1/alias", TrackingCall.Alias), ("/v1/a", TrackingCall.Alias),
        ("/v1/batch", TrackingCall.Batch), ("/v1/b", TrackingCall.Batch),
    ];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var tracking = endpoints.ServiceProvider.GetRequiredService<TrackingEndpoint>();
        var cors = endpoints.ServiceProvider.GetRequiredService<TrackingCors>();
        var settings = endpoints.ServiceProvider.GetRequiredService<SettingsEndpoint>();
        foreach (var (path, call) in All)
        {
            endpoints.MapPost(path, context =>
            {
                cors.Apply(context);
                return tracking.HandleAsync(context, call);
            }).ExcludeFromDescription();
            endpoints.MapMethods(path, [HttpMethods.Options], context => Preflight(cors, context)).ExcludeFromDescription();
        }

        const string settingsPath = "/v1/projects/{writeKey}/settings";
        endpoints.MapGet(settingsPath, context =>
        {
            cors.Apply(context);
            settings.Handle(context);
            return Task.CompletedTask;
        }).ExcludeFromDescription();
        endpoints.MapMethods(settingsPath, [HttpMethods.Options], context => Preflight(cors, context)).ExcludeFromDescription();
    }

    private static Task Preflight(TrackingCors cors, HttpContext context)
    {
        cors.AnswerPreflight(context);
        return Task.CompletedTask;
    }
}
