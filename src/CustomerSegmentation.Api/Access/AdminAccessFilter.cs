using System.Globalization;
using CustomerSegmentation.Api.Problems;
using CustomerSegmentation.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Access;

/// <summary>Lets only admin keys through to <c>/api</c>, and turns what goes wrong behind it into problem details.</summary>
internal sealed partial class AdminAccessFilter(KeyRing keys, IOptions<ApiOptions> options, ILogger<AdminAccessFilter> logger)
    : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var kind = keys.Required ? Credentials.FromHeaders(http.Request.Headers, keys) : KeyKind.Admin;
        if (kind < KeyKind.Write)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer, Basic";
            return Problem.Of(StatusCodes.Status401Unauthorized, "missing_key", "Reading and steering need an admin key.");
        }

        if (kind == KeyKind.Write)
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "write_key", "A write key may send events only; reading and steering need an admin key.");
        }

        if (http.Response.StatusCode == StatusCodes.Status400BadRequest)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "invalid_parameter", "A parameter of the path or query has the wrong form.");
        }

        try
        {
            return await next(context);
        }
        catch (Exception) when (http.Response.HasStarted)
        {
            // The status is sent; only breaking off tells the reader that the answer is not whole.
            throw;
        }
        catch (FormatException exception)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "invalid_format", exception.Message);
        }
        catch (EngineUnavailableException exception)
        {
            http.Response.Headers.RetryAfter = options.Value.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, "unavailable", exception.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (Exception exception)
        {
            LogFailed(logger, http.Request.Method, http.Request.Path, exception);
            return Problem.Of(StatusCodes.Status500InternalServerError, "internal_error", "The request failed; the log of the service says why.");
        }
    }

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void LogFailed(ILogger logger, string method, string path, Exception exception);
}
