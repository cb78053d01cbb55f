using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CustomerSegmentation.Contracts.Live;

namespace CustomerSegmentation.Engine.Live;

/// <summary>Hands what happens to every reader; a reader that is too slow loses the oldest items.</summary>
internal sealed class LiveFeed(int itemsMax, int readersMax)
{
    private readonly Lock _lock = new();
    private Channel<LiveEvent>[] _readers = [];
    private bool _completed;

    public bool HasReaders => Volatile.Read(ref _readers).Length > 0;

    public void Publish(LiveEvent item)
    {
        foreach (var reader in Volatile.Read(ref _readers))
        {
            reader.Writer.TryWrite(item);
        }
    }

    /// <summary>Ends all streams, and those that begin later at once.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
        }
        foreach (var reader in Volatile.Read(ref _readers))
        {
            reader.Writer.TryComplete();
        }
    }

    /// <exception cref="InvalidOperationException">Too many readers.</exception>
    public async IAsyncEnumerable<LiveEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<LiveEvent>(new BoundedChannelOptions(itemsMax) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            if (_readers.Length >= readersMax)
            {
                throw new InvalidOperationException($"The live stream has {readersMax} readers already.");
            }
            if (_completed)
            {
                yield break;
            }
            _readers = [.. _readers, channel];
        }
        try
        {
            // ReadAllAsync would leave the caller's scheduler.
            while (await channel.Reader.WaitToReadAsync(cancellationToken))
            {
                while (channel.Reader.TryRead(out var item))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                _readers = [.. _readers.Where(r => r != channel)];
            }
        }
    }
}
