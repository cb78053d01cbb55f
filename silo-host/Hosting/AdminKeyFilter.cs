using System.Security.Cryptography;
using System.Text;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Interim.</summary>
internal sealed class AdminKeyFilter(string? key) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Request.Headers;
        var shown = headers["X-Admin-Key"].FirstOrDefault() ?? headers.Authorization.FirstOrDefault()?.Replace("Bearer ", "", StringComparison.Ordinal) ?? "";
        return key is null || CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), SHA256.HashData(Encoding.UTF8.GetBytes(key)))
            ? next(context)
            : ValueTask.FromResult<object?>(Results.Problem("An admin key is needed.", statusCode: StatusCodes.Status401Unauthorized));
    }
}
