using System.Net.Http.Headers;
using System.Text;
using CustomerSegmentation.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Api.Tests.Fakes;

/// <summary>The API on a real server at a free loopback port, over a fake engine unless a test brings another.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    public const string WriteKey = "write-key-1";
    public const string AdminKey = "admin-key-1";
    private readonly WebApplication _app;

    private ApiServer(WebApplication app, FakeEngine? engine)
    {
        _app = app;
        Engine = engine!;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new Uri(address);
        Client = new HttpClient { BaseAddress = Address };
    }

    /// <summary>The fake behind a server that was started without an engine.</summary>
    public FakeEngine Engine { get; }

    public Uri Address { get; }

    /// <summary>A client without a key.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<ApiServer> StartAsync(Action<ApiOptions>? configure = null, ISegmentationEngine? engine = null)
    {
        engine ??= new FakeEngine();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(engine);
        builder.Services.AddSegmentationApi(options =>
        {
            options.WriteKeys.Add(WriteKey);
            options.AdminKeys.Add(AdminKey);
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapSegmentationApi();
        await app.StartAsync();
        return new ApiServer(app, engine as FakeEngine);
    }

    public Task<HttpResponseMessage> TrackAsync(string path, string json, string? key = WriteKey) =>
        SendAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), key);

    public Task<HttpResponseMessage> SendAsync(string path, HttpContent content, string? key = WriteKey)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        }

        return Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> AdminAsync(HttpMethod method, string path, string? json = null, string? key = AdminKey)
    {
        var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
