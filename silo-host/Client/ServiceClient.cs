using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Client;

/// <summary>Speaks to a running service: waits while it is overloaded, says plainly why it refuses.</summary>
internal sealed class ServiceClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <param name="baseAddress">The service's address.</param>
    /// <param name="key">A write or admin key; null for a service without keys.</param>
    /// <param name="time">Clock for back-off.</param>
    /// <param name="handler">For tests; null for sockets.</param>
    public ServiceClient(Uri baseAddress, string? key, TimeProvider time, HttpMessageHandler? handler = null)
    {
        _time = time;
        _http = new HttpClient(handler ?? new SocketsHttpHandler { MaxConnectionsPerServer = 32 })
        {
            BaseAddress = baseAddress, Timeout = TimeSpan.FromMinutes(10),
        };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public Uri BaseAddress => _http.BaseAddress!;

    public void Dispose() => _http.Dispose();

    /// <summary>GET of a JSON document; null on 404.</summary>
    /// <exception cref="CommandFailure">The service cannot be reached or refuses.</exception>
    public async Task<T?> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), false, cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>POST of a JSON document.</summary>
    /// <exception cref="CommandFailure">The service cannot be reached or refuses.</exception>
    public async Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body, options: Json) }, false, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>POST of content that is made anew for each attempt; the answer with its status.</summary>
    /// <exception cref="CommandFailure">The service cannot be reached or refuses.</exception>
    public async Task<(T Answer, HttpStatusCode Status)> PostContentAsync<T>(string path, Func<HttpContent> content, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = content() }, false, cancellationToken);
        return (await ReadAsync<T>(response, cancellationToken), response.StatusCode);
    }

    /// <summary>DELETE; the answer's JSON, null when there is none.</summary>
    /// <exception cref="CommandFailure">The service cannot be reached or refuses.</exception>
    public async Task<T?> DeleteAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, path), false, cancellationToken);
        await CheckAsync(response, cancellationToken);
        return response.StatusCode == HttpStatusCode.NoContent ? null : await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>POST of bytes; the answer's JSON.</summary>
    /// <exception cref="CommandFailure">The service cannot be reached or refuses.</exception>
    public async Task<JsonElement> PostAsync(string path, ReadOnlyMemory<byte> body, string? encoding, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () =>
            {
                var content = new ReadOnlyMemoryContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                if (encoding is not null)
                {
                    content.Headers.ContentEncoding.Add(encoding);
                }

                return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            },
            false, cancellationToken);
        return await ReadAsync<JsonElement>(response, cancellationToken);
    }

    /// <summary>The body of a GET as it comes.</summary>
    /// <exception cref="CommandFailure">The service cannot be reached or refuses.</exception>
    public async Task CopyAsync(string path, Stream output, Action<int> copied, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), true, cancellationToken);
        await CheckAsync(response, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            copied(read);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, bool streamed, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(_time);
        while (true)
        {
            string fault;
            TimeSpan? asked = null;
            try
            {
                using var request = make();
                var response = await _http.SendAsync(
                    request, streamed ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                {
                    return response;
                }

                using (response)
                {
                    asked = response.Headers.RetryAfter?.Delta;
                    fault = await DescribeAsync(response, cancellationToken);
                }
            }
            catch (HttpRequestException e)
            {
                fault = e.Message;
            }

            if (!await backOff.WaitAsync(asked, cancellationToken))
            {
                throw new CommandFailure($"the service at {BaseAddress} does not answer: {fault}");
            }
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await CheckAsync(response, cancellationToken);
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken) ?? throw new JsonException("the answer is empty");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new CommandFailure($"the service at {BaseAddress} gave an answer that is not understood: is it another version?", e);
        }
    }

    private async Task CheckAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new CommandFailure($"the service at {BaseAddress} refuses: {await DescribeAsync(response, cancellationToken)}");
        }
    }

    /// <summary>What an error answer says: problem details, the tracking API's code and message, or its status.</summary>
    private static async Task<string> DescribeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        try
        {
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            foreach (var name in new[] { "detail", "message", "title" })
            {
                if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String)
                {
                    return $"{status}: {text.GetString()}";
                }
            }
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // The status says enough.
        }

        return status;
    }
}
