using CustomerSegmentation.Client;
using CustomerSegmentation.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Samples.SegmentSize;

/// <summary>By the silos of a cluster: each segment is an actor there, which is asked alone.</summary>
internal sealed class ClusterSegments : ISegmentSource
{
    private readonly IHost _host;

    private ClusterSegments(IHost host) => _host = host;

    private ISegmentationEngine Engine => _host.Services.GetRequiredService<ISegmentationEngine>();

    public static async Task<ISegmentSource> ConnectAsync(string postgres, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddCustomerSegmentationClient(client => client.ConnectionString = postgres);
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new ClusterSegments(host);
    }

    public async Task<IReadOnlyList<(string Key, string Name)>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await Engine.GetSegmentsAsync(cancellationToken)).Segments.Select(s => (s.Key, s.Name))];

    public async Task<(long Size, double Share)?> ReadAsync(string key, CancellationToken cancellationToken) =>
        await Engine.Segment(key).GetAsync(cancellationToken) is { } segment ? (segment.Size, segment.Share) : null;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
