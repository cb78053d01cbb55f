using System.Net.Sockets;
using System.Text;
using CustomerSegmentation.Crash.Tests.Load;

namespace CustomerSegmentation.Crash.Tests.Service;

/// <summary>A request that is sent piece by piece, as over a slow line.</summary>
internal sealed class HalfRequest : IDisposable
{
    private readonly TcpClient _tcp = new();
    private readonly string _headers;
    private readonly string _body;

    public HalfRequest(Uri url, string key, SentEvent item)
    {
        _body = $$"""{"batch":[{{item.ToJson()}}]}""";
        _headers = $"Host: {url.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {_body.Length}\r\n\r\n";
        _tcp.Connect(url.Host, url.Port);
    }

    public Task SendRequestLineAsync() => SendAsync("POST /v1/batch HTTP/1.1\r\n");

    public Task SendHeadersAsync() => SendAsync(_headers);

    public Task SendBodyAsync() => SendAsync(_body);

    /// <summary>Everything that the server sends until it closes the connection.</summary>
    public async Task<string> AnswerAsync()
    {
        using var reader = new StreamReader(_tcp.GetStream(), leaveOpen: true);
        return await reader.ReadToEndAsync().WaitAsync(ServiceProcess.Patience);
    }

    public void Dispose() => _tcp.Dispose();

    private async Task SendAsync(string text) => await _tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
}
