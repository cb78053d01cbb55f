using System.Net;
using System.Text;
using CustomerSegmentation.Samples.ShopFront;
#if ORLEANS
using CustomerSegmentation.Client;
#else
using System.Net.Http.Headers;
#endif

const string Cookie = "visitor";
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
#if ORLEANS
builder.AddCustomerSegmentationClient(client => client.ConnectionString = builder.Configuration["SEGMENTATION_POSTGRES"] ?? "");
builder.Services.AddSingleton<IVisitors, ClusterVisitors>();
#else
builder.Services.AddSingleton<IVisitors>(services =>
{
    var http = new HttpClient { BaseAddress = new Uri(builder.Configuration["SEGMENTATION_URL"] ?? "http://127.0.0.1:5080") };
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", builder.Configuration["SEGMENTATION_KEY"] ?? "none");
    return new HttpVisitors(http, services.GetRequiredService<TimeProvider>());
});
#endif
var app = builder.Build();

app.MapGet("/", async (HttpContext context, IVisitors visitors, CancellationToken cancellationToken) =>
{
    var visitor = Visitor(context);
    var segment = await visitors.SegmentAsync(visitor, cancellationToken);
    var greeting = segment is { } known ? $"Good to see you. You are one of our {known.Name} customers." : "Welcome to the shop.";
    var page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Shop</title><h1>Shop</h1>");
    page.Append($"<p id=\"greeting\" data-segment=\"{WebUtility.HtmlEncode(segment?.Key)}\">{WebUtility.HtmlEncode(greeting)}</p><ul>");
    foreach (var product in Product.All)
    {
        page.Append($"<li><a href=\"/products/{product.Id}\">{product.Name}</a>, {product.Price:0}</li>");
    }

    return Results.Content(page.Append("</ul></html>").ToString(), "text/html; charset=utf-8");
});

app.MapGet("/products/{id}", async (string id, HttpContext context, IVisitors visitors, CancellationToken cancellationToken) =>
{
    if (Product.All.FirstOrDefault(p => p.Id == id) is not { } product)
    {
        return Results.NotFound();
    }

    await visitors.ViewedAsync(Visitor(context), product, cancellationToken);
    return Results.Content(
        $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{product.Name}</title><h1>{product.Name}</h1>"
        + $"<form method=\"post\" action=\"/orders/{product.Id}\"><button>Buy for {product.Price:0}</button></form><a href=\"/\">Back</a></html>",
        "text/html; charset=utf-8");
});

app.MapPost("/orders/{id}", async (string id, HttpContext context, IVisitors visitors, CancellationToken cancellationToken) =>
{
    if (Product.All.FirstOrDefault(p => p.Id == id) is not { } product)
    {
        return Results.NotFound();
    }

    await visitors.OrderedAsync(Visitor(context), product, cancellationToken);
    return Results.Redirect("/");
});

app.Run();

// A shop knows its customers by their login; here it is a cookie.
static string Visitor(HttpContext context)
{
    if (context.Request.Cookies[Cookie] is { Length: > 0 and <= 100 } visitor && visitor.All(char.IsAsciiLetterOrDigit))
    {
        return visitor;
    }

    visitor = Guid.NewGuid().ToString("N");
    context.Response.Cookies.Append(Cookie, visitor, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax });
    return visitor;
}
