using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Live;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Live;

/// <summary>What happens from now on, as server-sent events, with a heartbeat where it is quiet.</summary>
internal sealed class LiveStream(ISegmentationEngine engine, TimeProvider clock, IOptions<ApiOptions> options)
{
    private readonly int _streamsMax = options.Value.LiveStreamsMax;
    private readonly TimeSpan _heartbeat = TimeSpan.FromMilliseconds(options.Value.LiveHeartbeatMs);
    private int _streams;

    /// <summary>Takes one of the bounded streams; the caller gives it back by <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _streams) <= _streamsMax)
        {
            return true;
        }

        Interlocked.Decrement(ref _streams);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _streams);

    /// <summary>Begins with a heartbeat, so that the reader sees at once that it is connected; ends when cancelled.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = engine.SubscribeAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var next = items.MoveNextAsync().AsTask();
        yield return Heartbeat();
        while (true)
        {
            switch (await WaitAsync(next, cancellationToken))
            {
                case null:
                    yield return Heartbeat();
                    break;
                case true:
                    if (Describe(items.Current) is { } item)
                    {
                        yield return item;
                    }

                    next = items.MoveNextAsync().AsTask();
                    break;
                case false:
                    yield break;
            }
        }
    }

    /// <summary>True when there is an item, false at the end, null when it is time for a heartbeat.</summary>
    private async Task<bool?> WaitAsync(Task<bool> next, CancellationToken cancellationToken)
    {
        try
        {
            return await next.WaitAsync(_heartbeat, clock, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            return cancellationToken.IsCancellationRequested ? false : null;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private SseItem<string> Heartbeat() => new($$"""{"time":"{{clock.GetUtcNow():O}}"}""", "heartbeat");

    private static SseItem<string>? Describe(LiveEvent item)
    {
        if (item.Transition is { } transition)
        {
            return new SseItem<string>(JsonSerializer.Serialize(transition, ApiJson.Default.SegmentTransition), "transition");
        }

        if (item.Rates is { } rates)
        {
            return Timed(item.Time, JsonSerializer.Serialize(rates, ApiJson.Default.LiveRates), "rates");
        }

        return item.Segmentation is { } segmentation
            ? Timed(item.Time, JsonSerializer.Serialize(segmentation, ApiJson.Default.SegmentationView), "segmentation")
            : null;
    }

    /// <summary>Puts the time in front of an object's members. A transition has a time of its own.</summary>
    private static SseItem<string> Timed(DateTimeOffset time, string json, string type) => new($$"""{"time":"{{time:O}}",{{json.AsSpan(1)}}""", type);
}
