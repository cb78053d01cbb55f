using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CustomerSegmentation.Dashboard;

/// <summary>Serves the page.</summary>
public static class DashboardEndpoints
{
    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Serves the page at <c>/</c> and its files under <c>/assets</c>. They hold no data and need no key; what they show comes from <c>/api</c>,
    /// which asks for one. Without a built page, <c>/</c> answers 503 and says how to build it.
    /// </summary>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="folder">The folder of the built page, read once; null takes <c>dashboard</c> beside the executable.</param>
    public static IEndpointConventionBuilder MapDashboard(this IEndpointRouteBuilder endpoints, string? folder = null)
    {
        var page = BuiltPage.Load(folder ?? Path.Combine(AppContext.BaseDirectory, "dashboard"));
        var group = endpoints.MapGroup("").ExcludeFromDescription();
        group.MapMethods("/", ReadMethods, (HttpContext context) => page.ServeAsync(context, "index.html")).AllowAnonymous();
        group.MapMethods("/favicon.svg", ReadMethods, (HttpContext context) => page.ServeAsync(context, "favicon.svg")).AllowAnonymous();
        group.MapMethods("/assets/{name}", ReadMethods, (HttpContext context, string name) => page.ServeAsync(context, "assets/" + name)).AllowAnonymous();
        return group;
    }
}
