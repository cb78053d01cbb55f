using Microsoft.AspNetCore.Http.Features;

namespace CustomerSegmentation.SiloHost.Telemetry;

/// <summary>Comes before whatever else answers requests: serves the metrics on the port of their own, and names spans.</summary>
internal sealed class TelemetryFilter(TelemetryOptions options) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (options is { Metrics: true, MetricsPort: > 0 })
        {
            app.MapWhen(context => context.Connection.LocalPort == options.MetricsPort, inside => inside
                .UseOpenTelemetryPrometheusScrapingEndpoint(context => context.Request.Path == TelemetrySetup.MetricsPath)
                .Run(context =>
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }));
        }

        app.Use(NameSpanAsync);
        next(app);
    };

    /// <summary>The web server's spans all bear the same name; by the route they can be told apart.</summary>
    private static async Task NameSpanAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span
                && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern })
            {
                var route = "/" + pattern.Trim('/');
                span.DisplayName = $"{context.Request.Method} {route}";
                span.SetTag("http.route", route);
            }
        }
    }
}
