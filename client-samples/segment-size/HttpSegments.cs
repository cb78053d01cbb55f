using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CustomerSegmentation.Samples.SegmentSize;

/// <summary>By the service's HTTP interface.</summary>
internal sealed class HttpSegments : ISegmentSource
{
    private readonly HttpClient _http;

    public HttpSegments(Uri url, string key)
    {
        _http = new HttpClient { BaseAddress = url };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public async Task<IReadOnlyList<(string Key, string Name)>> ListAsync(CancellationToken cancellationToken)
    {
        using var view = JsonDocument.Parse(await _http.GetStringAsync("api/segments", cancellationToken));
        return [.. view.RootElement.GetProperty("segments").EnumerateArray().Select(s => (s.GetProperty("key").GetString()!, s.GetProperty("name").GetString()!))];
    }

    public async Task<(long Size, double Share)?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync($"api/segments/{Uri.EscapeDataString(key)}", cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        using var segment = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return (segment.RootElement.GetProperty("size").GetInt64(), segment.RootElement.GetProperty("share").GetDouble());
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
