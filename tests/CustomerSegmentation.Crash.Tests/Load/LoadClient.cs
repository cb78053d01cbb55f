using System.Net;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.Crash.Tests.Service;

namespace CustomerSegmentation.Crash.Tests.Load;

/// <summary>
/// One sender. It sends a batch under the same ids until that is acknowledged, sends acknowledged ones again, gives up waiting now and then, and reads
/// customers. It fails when an answer contradicts what was acknowledged before.
/// </summary>
/// <param name="name">Part of its message ids.</param>
/// <param name="shop">The service.</param>
/// <param name="traffic">What it belongs to.</param>
/// <param name="random">Its own.</param>
internal sealed class LoadClient(string name, Shop shop, Traffic traffic, Random random)
{
    private const int BatchMax = 40;
    private const long LatestMs = 1_710_000_000_000;
    private const long HistoryMs = 20L * 86_400_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(20);

    private int _sent;

    /// <param name="stop">Ends after the batch under way has been acknowledged.</param>
    /// <param name="abort">Ends at once.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        while (!stop.IsCancellationRequested)
        {
            await DeliverAsync(NewEvents(), isRepeated: false, abort);
            if (random.Next(6) == 0 && traffic.Ledger.Some(1 + random.Next(BatchMax), random) is { Count: > 0 } known)
            {
                await DeliverAsync(known, isRepeated: true, abort);
            }

            if (random.Next(6) == 0)
            {
                await ReadAsync(abort);
            }
        }
    }

    private List<SentEvent> NewEvents()
    {
        var events = new List<SentEvent>();
        for (var left = 1 + random.Next(BatchMax); left > 0; left--)
        {
            // Some customers are busy, most are not.
            var customer = traffic.Customers[(int)(traffic.Customers.Count * Math.Pow(random.NextDouble(), 3))];
            var time = LatestMs - random.NextInt64(HistoryMs);
            events.Add(new SentEvent(customer, $"{name}-{++_sent}", time, random.Next(3) == 0 ? 1 + random.Next(200) : 0));
        }

        return events;
    }

    /// <summary>Sends until there is a receipt.</summary>
    private async Task DeliverAsync(List<SentEvent> events, bool isRepeated, CancellationToken abort)
    {
        // A sender that repeats itself inside a batch.
        var items = random.Next(4) == 0 ? [.. events, events[0]] : events;
        var body = $$"""{"batch":[{{string.Join(',', items.Select(e => e.ToJson()))}}]}""";
        for (var attempt = 1; ; attempt++)
        {
            var http = await shop.ClientAsync(abort);
            if (await TrySendAsync(http, body, abort) is not { } answer)
            {
                continue;
            }

            // What nobody ever sent before is new, and what was acknowledged is known, whatever happened in between.
            var added = isRepeated ? 0 : events.Count;
            var isSure = isRepeated || attempt == 1;
            Assert.True(!isSure || answer.Accepted == added, $"{answer.Accepted} of {events.Count} events counted, repeated: {isRepeated}, attempt {attempt}");
            Assert.Equal(items.Count, answer.Accepted + answer.Duplicates);
            if (!isRepeated)
            {
                traffic.Ledger.Acknowledge(events);
            }

            traffic.Answers.Add();
            return;
        }
    }

    /// <summary>The counts of the receipt; null when there is none.</summary>
    private async Task<(int Accepted, int Duplicates)?> TrySendAsync(HttpClient http, string body, CancellationToken abort)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(abort);
        if (random.Next(30) == 0)
        {
            patience.CancelAfter(TimeSpan.FromMilliseconds(random.Next(4)));
        }

        var wasAway = traffic.StorageIsAway;
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await http.PostAsync("v1/batch", content, patience.Token);
            var answer = await response.Content.ReadAsStringAsync(patience.Token);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
            {
                Assert.True(response.Headers.RetryAfter is not null, $"{response.StatusCode} without Retry-After: {answer}");
                traffic.Refusals.Add();
                await Task.Delay(RetryAfter, TimeProvider.System, abort);
                return null;
            }

            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {answer}");
            Assert.False(wasAway && traffic.StorageIsAway, "A receipt came while the storage was away.");
            using var json = JsonDocument.Parse(answer);
            return (json.RootElement.GetProperty("accepted").GetInt32(), json.RootElement.GetProperty("duplicates").GetInt32());
        }
        catch (Exception e) when (IsLoss(e) && !abort.IsCancellationRequested)
        {
            traffic.Losses.Add();
            await Task.Delay(RetryAfter, TimeProvider.System, abort);
            return null;
        }
    }

    /// <summary>A reader sees everything that was acknowledged before it asked, or that the service cannot tell now.</summary>
    private async Task ReadAsync(CancellationToken abort)
    {
        var customer = traffic.Customers[random.Next(traffic.Customers.Count)];
        var atLeast = traffic.Ledger.CountOf(customer);
        try
        {
            var http = await shop.ClientAsync(abort);
            using var response = await http.GetAsync($"api/customers/{customer}", abort);
            var answer = await response.Content.ReadAsStringAsync(abort);
            Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable]);
            Assert.True(response.StatusCode != HttpStatusCode.NotFound || atLeast == 0, $"{customer} has {atLeast} acknowledged events and is not known");
            if (response.StatusCode == HttpStatusCode.OK)
            {
                using var view = JsonDocument.Parse(answer);
                var sequence = view.RootElement.GetProperty("sequence").GetInt64();
                Assert.True(sequence >= atLeast, $"{customer} has {atLeast} acknowledged events and shows {sequence}");
            }
        }
        catch (Exception e) when (IsLoss(e) && !abort.IsCancellationRequested)
        {
            // The service went away: the answer would have come from the next one.
        }
    }

    /// <summary>The connection ended, or the client gave up; not that the service never answers.</summary>
    private static bool IsLoss(Exception e) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && e.InnerException is not TimeoutException);
}
