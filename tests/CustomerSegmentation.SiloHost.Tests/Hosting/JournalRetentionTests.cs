using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.SiloHost.Hosting;
using CustomerSegmentation.SiloHost.Tests.Fakes;
using CustomerSegmentation.Storage.InMemory;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.SiloHost.Tests.Hosting;

public sealed class JournalRetentionTests : IAsyncDisposable
{
    private readonly InMemoryStorage _storage = new();
    private readonly TestClock _clock = new();

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task Pass_removes_events_beyond_the_retention_and_its_margin_and_keeps_the_names_of_other_ids()
    {
        Append(1, 40, EventKind.TraitsIdentified, "visitor-1");
        Append(2, 35, EventKind.ProductViewed);
        Append(3, 30.5, EventKind.ProductViewed);
        Append(4, 1, EventKind.ProductViewed);
        var key = (await _storage.Customers.LoadAsync("ada"))!.Key;
        await _storage.Customers.CheckpointAsync([Records.Checkpoint("ada", key, 4)]);

        await new JournalRetention(_storage.Journal, 30, _clock, NullLogger.Instance).PassAsync(CancellationToken.None);

        var left = new List<long>();
        await foreach (var record in _storage.Journal.ReadAsync("ada", 0))
        {
            left.Add(record.FirstSequence);
        }

        Assert.Equal([1L, 3L, 4L], left);
    }

    private void Append(long sequence, double daysAgo, EventKind kind, string? otherId = null)
    {
        var at = _clock.GetUtcNow().AddDays(-daysAgo).ToUnixTimeMilliseconds();
        CustomerEvent[] events = [new() { MessageId = $"m{sequence}", Kind = kind, TimestampMs = at, OtherId = otherId }];
        Assert.Equal(AppendResult.Queued, _storage.Journal.TryAppend(new JournalAppend("ada", 0, sequence, 1, EventCodec.Encode(events, 0, 1), at, at)));
    }
}
