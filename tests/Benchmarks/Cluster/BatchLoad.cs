using System.Diagnostics;
using CustomerSegmentation.Benchmarks.Ingestion;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Benchmarks.Cluster;

/// <summary>Calls of <see cref="EventsPerCall"/> product views of one customer, made by a number of callers at once, as fast as answers come or at a rate.</summary>
/// <param name="customers">Ids in groups; callers take the groups in turn, and the customers of theirs in turn.</param>
/// <param name="callers">How many at once.</param>
internal sealed class BatchLoad(IReadOnlyList<IReadOnlyList<string>> customers, int callers)
{
    public const int EventsPerCall = 64;

    private static long _messages;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>One group of so many.</summary>
    public BatchLoad(int customers, int callers)
        : this([Ids(customers)], callers)
    {
    }

    public static IReadOnlyList<string> Ids(int customers) => [.. Enumerable.Range(0, customers).Select(Id)];

    public static string Id(int customer) => $"customer-{customer:D6}";

    /// <summary>Events a second that were acknowledged.</summary>
    /// <param name="track">Makes a call; told the caller.</param>
    /// <param name="duration">How long.</param>
    /// <param name="eventsPerSecond">0: as fast as answers come.</param>
    public async Task<double> RunAsync(Func<int, TrackRequest, Task<TrackReceipt>> track, TimeSpan duration, double eventsPerSecond = 0)
    {
        var clock = Stopwatch.StartNew();
        var calls = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller, track, clock, duration, eventsPerSecond))));
        return calls.Sum() * EventsPerCall / clock.Elapsed.TotalSeconds;
    }

    private async Task<long> CallAsync(
        int caller, Func<int, TrackRequest, Task<TrackReceipt>> track, Stopwatch clock, TimeSpan duration, double eventsPerSecond)
    {
        var between = eventsPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(EventsPerCall * callers / eventsPerSecond);
        var next = between * caller / callers;
        for (var calls = 0L; ; calls++)
        {
            if (next > clock.Elapsed)
            {
                await Task.Delay(next - clock.Elapsed, TimeProvider.System);
            }

            if (clock.Elapsed >= duration)
            {
                return calls;
            }

            next += between;
            var first = Interlocked.Add(ref _messages, EventsPerCall);
            var own = customers[caller % customers.Count];
            var request = Request(own[(int)(first / EventsPerCall % own.Count)], first);
            while ((await track(caller, request)).Outcome != TrackOutcome.Committed)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    private static TrackRequest Request(string customerId, long first) => new()
    {
        CustomerId = customerId,
        Events = [.. Enumerable.Range(0, EventsPerCall).Select(i => EngineLoad.Request(customerId, first + i, 0).Events[0])],
    };
}
