using CustomerSegmentation.Api.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CustomerSegmentation.Api;

/// <summary>Puts endpoints of other rooms behind the admin key.</summary>
public static class AdminKeyExtensions
{
    /// <summary>
    /// Lets only callers with an admin key through (401 without a key, 403 with a write key), and answers what goes wrong behind it with problem details.
    /// </summary>
    public static TBuilder RequireAdminKey<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter<TBuilder, AdminAccessFilter>();
}
