using System.Collections.Concurrent;
using System.Threading.Channels;

namespace CustomerSegmentation.Dashboard.Tests.Fake;

/// <summary>Server-sent events to whoever listens.</summary>
internal sealed class LiveFeed
{
    private readonly ConcurrentDictionary<ChannelWriter<string>, byte> _readers = [];

    public void Publish(string name, string json)
    {
        foreach (var reader in _readers.Keys) reader.TryWrite($"event: {name}\ndata: {json}\n\n");
    }

    /// <summary>Ends every open stream, as a restart of the service does.</summary>
    public void Break()
    {
        foreach (var reader in _readers.Keys) reader.TryComplete();
    }

    public async IAsyncEnumerable<string> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<string>();
        _readers.TryAdd(channel.Writer, 0);
        try
        {
            await foreach (var text in channel.Reader.ReadAllAsync(cancellationToken)) yield return text;
        }
        finally
        {
            _readers.TryRemove(channel.Writer, out _);
        }
    }
}
