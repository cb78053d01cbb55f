namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Refuses new requests once the service stops; those under way go on. Before that, readiness may say no while requests are still taken.</summary>
internal sealed class Drain
{
    private const string ReadyPath = "/healthz/ready";

    private volatile bool _announced;
    private volatile bool _begun;

    /// <summary>Says that it is not ready from now on: whoever asks for that sends requests elsewhere.</summary>
    public void Announce() => _announced = true;

    public void Begin() => _begun = true;

    /// <summary>503 with Retry-After once the drain has begun; for readiness once it is announced.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!_begun && !(_announced && context.Request.Path == ReadyPath))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "2";
        context.Response.Headers.Connection = "close";
        return context.Response.WriteAsJsonAsync(new { code = "stopping", message = "The service is stopping: send this again in a moment." });
    }
}
