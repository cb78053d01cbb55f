using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Dashboard.Tests;

public sealed class ServingTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segmentation-page-");
    private readonly List<WebApplication> _apps = [];

    public Task InitializeAsync()
    {
        _folder.CreateSubdirectory("assets");
        File.WriteAllText(Path.Combine(_folder.FullName, "index.html"), "<!doctype html><title>page</title>");
        File.WriteAllText(Path.Combine(_folder.FullName, "assets", "main-1a2b.js"), new string('x', 5_000));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var app in _apps) await app.DisposeAsync();
        _folder.Delete(true);
    }

    [Fact]
    public async Task Page_is_asked_for_each_time_and_answered_from_the_cache_when_unchanged()
    {
        using var client = await StartAsync(_folder.FullName);
        using var first = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("text/html; charset=utf-8", first.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
    }

    [Fact]
    public async Task Asset_is_kept_for_ever_and_compressed_for_those_who_take_it()
    {
        using var client = await StartAsync(_folder.FullName);
        using var plain = await client.GetAsync("/assets/main-1a2b.js");
        Assert.Equal(5_000, (await plain.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal("public, max-age=31536000, immutable", Raw(plain, "Cache-Control"));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/main-1a2b.js");
        request.Headers.AcceptEncoding.ParseAdd("br, gzip");
        using var zipped = await client.SendAsync(request);
        Assert.Equal("gzip", zipped.Content.Headers.ContentEncoding.Single());
        Assert.True((await zipped.Content.ReadAsByteArrayAsync()).Length < 200);
        Assert.NotEqual(plain.Headers.ETag, zipped.Headers.ETag);
        Assert.Equal("Accept-Encoding", Raw(zipped, "Vary"));

        using var refusal = new HttpRequestMessage(HttpMethod.Get, "/assets/main-1a2b.js");
        refusal.Headers.AcceptEncoding.ParseAdd("gzip;q=0");
        using var refused = await client.SendAsync(refusal);
        Assert.Empty(refused.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Content_security_policy_allows_the_own_files_only()
    {
        using var client = await StartAsync(_folder.FullName);
        using var answer = await client.GetAsync("/");
        var policy = Raw(answer, "Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("data:", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Raw(answer, "X-Content-Type-Options"));
    }

    [Fact]
    public async Task Head_answers_like_get_without_a_body()
    {
        using var client = await StartAsync(_folder.FullName);
        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/assets/main-1a2b.js"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(5_000, answer.Content.Headers.ContentLength);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/assets/none.js")]
    [InlineData("/assets/..%2Findex.html")]
    [InlineData("/assets/%2e%2e%2findex.html")]
    [InlineData("/favicon.svg")]
    public async Task File_that_is_not_part_of_the_page_is_not_found(string path)
    {
        using var client = await StartAsync(_folder.FullName);
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Page_that_is_not_built_says_how_to_build_it()
    {
        using var client = await StartAsync(Path.Combine(_folder.FullName, "nowhere"));
        using var answer = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("npm ci", text, StringComparison.Ordinal);
        Assert.Contains("npm run build", text, StringComparison.Ordinal);
        Assert.Contains("no-store", Raw(answer, "Cache-Control"), StringComparison.Ordinal);
    }

    private static string Raw(HttpResponseMessage answer, string header) => answer.Headers.NonValidated[header].ToString();

    private async Task<HttpClient> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        _apps.Add(app);
        app.MapDashboard(folder);
        await app.StartAsync();
        return new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }
}
