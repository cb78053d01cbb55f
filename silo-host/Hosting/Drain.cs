namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Refuses new requests once the service stops; those under way go on.</summary>
internal sealed class Drain
{
    private volatile bool _begun;

    public void Begin() => _begun = true;

    /// <summary>503 with Retry-After once the drain has begun.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!_begun)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "2";
        context.Response.Headers.Connection = "close";
        return context.Response.WriteAsJsonAsync(new { code = "stopping", message = "The service is stopping: send this again in a moment." });
    }
}
