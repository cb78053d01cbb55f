using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CustomerSegmentation.Dashboard;

/// <summary>The files of the built page, in memory: less than a megabyte, so a request never touches the disk.</summary>
internal sealed class BuiltPage
{
    /// <summary>
    /// Nothing but the page's own files and service. No inline script or style runs, so text from customers that found a way into the markup
    /// would still do nothing.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Files under assets carry a hash of their content in their name.</summary>
    private const string ForEver = "public, max-age=31536000, immutable";

    private const string AskEachTime = "no-cache";

    private readonly Dictionary<string, PageFile> _files;

    private BuiltPage(Dictionary<string, PageFile> files) => _files = files;

    /// <summary>Reads the folder; one that does not exist gives a page without files.</summary>
    public static BuiltPage Load(string folder)
    {
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                var name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
                files[name] = PageFile.Read(path);
            }
        }

        return new BuiltPage(files);
    }

    public async Task ServeAsync(HttpContext context, string name)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (!_files.TryGetValue(name, out var file))
        {
            await ServeMissingAsync(context, name);
            return;
        }

        var zipped = file.Gzip is not null && AcceptsGzip(context.Request);
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.CacheControl = name.StartsWith("assets/", StringComparison.Ordinal) ? ForEver : AskEachTime;
        headers.ETag = file.EntityTag(zipped);
        if (file.IsKnownTo(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var body = zipped ? file.Gzip! : file.Plain;
        if (zipped) headers.ContentEncoding = "gzip";
        context.Response.ContentType = file.ContentType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static async Task ServeMissingAsync(HttpContext context, string name)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (name != "index.html")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync("The page has no such file.\n", context.RequestAborted);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsync(
            """
            The page has not been built. The service itself runs: its answers are under /api, its description at /openapi/v1.json.

            To build the page (Node.js 20.19 or newer), then start the service again:

              cd src/CustomerSegmentation.Dashboard/page
              npm ci
              npm run build

            ./run does this by itself where it finds Node.js.

            """,
            context.RequestAborted);
    }

    private static bool AcceptsGzip(HttpRequest request)
    {
        foreach (var encoding in request.GetTypedHeaders().AcceptEncoding)
        {
            if (encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase)) return encoding.Quality is not 0;
        }

        return false;
    }
}
