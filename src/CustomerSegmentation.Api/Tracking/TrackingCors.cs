using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>Lets pages of other origins send events. Without credentials: a write key is all that counts.</summary>
internal sealed class TrackingCors(IOptions<ApiOptions> options)
{
    private static readonly StringValues Methods = "GET, POST, OPTIONS";
    private static readonly StringValues DefaultHeaders = "Authorization, Content-Encoding, Content-Type, X-Retry-Count";
    private static readonly StringValues MaxAge = "86400";
    private readonly HashSet<string> _origins = new(options.Value.AllowedOrigins, StringComparer.OrdinalIgnoreCase);

    public void Apply(HttpContext context)
    {
        var origin = context.Request.Headers.Origin;
        if (origin.Count == 0)
        {
            return;
        }

        var headers = context.Response.Headers;
        if (_origins.Count == 0 || _origins.Contains("*"))
        {
            headers.AccessControlAllowOrigin = "*";
        }
        else
        {
            headers.Vary = "Origin";
            if (_origins.Contains(origin.ToString()))
            {
                headers.AccessControlAllowOrigin = origin;
            }
        }
    }

    public void AnswerPreflight(HttpContext context)
    {
        Apply(context);
        var headers = context.Response.Headers;
        var asked = context.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = asked.Count > 0 ? asked : DefaultHeaders;
        headers.AccessControlMaxAge = MaxAge;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
