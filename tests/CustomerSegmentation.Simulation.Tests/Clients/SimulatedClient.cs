using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Simulation.Tests.Checking;
using CustomerSegmentation.Simulation.Tests.Disk;
using CustomerSegmentation.Simulation.Tests.Scheduling;

namespace CustomerSegmentation.Simulation.Tests.Clients;

/// <summary>A sender that repeats what it is not sure of, mixes up the order, and now and then erases somebody or re-clusters the shop.</summary>
internal sealed class SimulatedClient(string name, Random random, SimulatedTime time, Ledger ledger, ReadCheck reads, Func<SimulatedProcess?> pick)
{
    private const int AttemptsMax = 8;
    private const int VisitorsMax = 5;
    private const int KnownMax = 6;

    // Simulated time: the disk is slow, and histories join, yet no encoder is waited for.
    private static readonly TimeSpan ReceiptWithin = TimeSpan.FromMinutes(10);
    private static readonly string[] Words = ["lovely", "broken", "late", "soft", "again", "never"];

    private readonly List<SentMessage> _earlier = [];
    private int _messages;

    public async Task RunAsync(int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            switch (random.Next(100))
            {
                case < 68:
                    await SendNewAsync();
                    break;
                case < 78:
                    await SendAgainAsync();
                    break;
                case < 88:
                    await IdentifyAsync();
                    break;
                case < 91:
                    await EraseAsync(random.Next(4) == 0 ? Visitor() : Known());
                    break;
                case < 94:
                    await ReclusterAsync();
                    break;
                case < 97:
                    await ReadAsync(Known(), 0);
                    break;
                case < 98:
                    await AskAsync(AskSegmentsAsync);
                    break;
                default:
                    await PauseAsync(5_000);
                    break;
            }
        }
    }

    private string Visitor() => $"visitor-{random.Next(VisitorsMax)}";

    private string Known() => $"known-{random.Next(KnownMax)}";

    private Task PauseAsync(int msMax) => Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, msMax)), time);

    private async Task SendNewAsync()
    {
        var customer = random.Next(3) == 0 ? Visitor() : Known();
        var messages = new List<SentMessage>();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            messages.Add(Record(customer, NewEvent()));
        }
        var sending = SendAsync(messages);
        if (random.Next(6) == 0)
        {
            // The same request by another way at the same time.
            await SendAsync(messages);
        }
        await sending;
    }

    private async Task SendAgainAsync()
    {
        if (_earlier.Count > 0)
        {
            var one = _earlier[random.Next(_earlier.Count)];
            await SendAsync(random.Next(2) == 0 ? [one, one] : [one]);
        }
    }

    private Task IdentifyAsync()
    {
        var other = random.Next(8) == 0 ? Known() : Visitor();
        var customer = Known();
        return SendAsync([Record(customer, new CustomerEvent
        {
            MessageId = NextId(),
            Kind = random.Next(2) == 0 ? EventKind.TraitsIdentified : EventKind.Aliased,
            TimestampMs = time.WallMs,
            ReceivedMs = time.WallMs,
            OtherId = other,
            Traits = [new Trait { Name = "country", Value = random.Next(2) == 0 ? "France" : "Chile" }],
        })]);
    }

    private SentMessage Record(string customer, CustomerEvent e)
    {
        var message = new SentMessage(customer, e);
        ledger.Messages.Add(message);
        _earlier.Add(message);
        return message;
    }

    private string NextId() => $"{name}-{++_messages}";

    private CustomerEvent NewEvent()
    {
        var order = random.Next(2) == 0;
        var id = NextId();
        var amount = random.Next(1, 500);
        var review = !order && random.Next(3) == 0;
        return new CustomerEvent
        {
            MessageId = id,
            Kind = order ? EventKind.OrderCompleted : review ? EventKind.ProductReviewed : EventKind.ProductViewed,
            TimestampMs = time.WallMs - random.Next(random.Next(4) == 0 ? 172_800_000 : 10_000),
            ReceivedMs = time.WallMs,
            OrderId = order ? "o-" + id : null,
            Amount = order ? amount : null,
            Text = review ? string.Join(' ', Enumerable.Range(0, random.Next(0, 4)).Select(_ => Words[random.Next(Words.Length)])) : null,
            Products = [new ProductLine { ProductId = $"p{random.Next(4)}", Category = $"c{random.Next(3)}", Price = amount, Quantity = 1 }],
        };
    }

    /// <summary>Sends until the outcome is certain, or the client loses patience.</summary>
    private async Task SendAsync(List<SentMessage> messages)
    {
        var request = new TrackRequest { CustomerId = messages[0].CustomerId, Events = [.. messages.Select(m => m.Event)] };
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            using var patience = random.Next(10) == 0 ? new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 2_000)), time) : null;
            var token = patience?.Token ?? CancellationToken.None;
            TrackOutcome outcome;
            long sequence = 0;
            var asked = time.GetTimestamp();
            try
            {
                var process = pick() ?? throw new ConnectionLostException();
                var receipt = (await process.CallAsync(engine => engine.TrackAsync([request], token)))[0];
                (outcome, sequence) = (receipt.Outcome, receipt.Sequence);
            }
            catch (Exception e) when (IsExpected(e))
            {
                outcome = TrackOutcome.Unavailable;
            }
            ViolationException.ThrowUnless(
                time.GetElapsedTime(asked) < ReceiptWithin, Invariant.EventsAreNotBlocked, () => $"events of {request.CustomerId} took {time.GetElapsedTime(asked)}");
            foreach (var message in messages)
            {
                message.Acknowledged |= outcome == TrackOutcome.Committed;
                message.MayBeThere |= outcome is TrackOutcome.Committed or TrackOutcome.Unavailable;
            }
            if (outcome == TrackOutcome.Committed && random.Next(3) == 0)
            {
                await ReadAsync(request.CustomerId, sequence);
            }
            if (outcome is TrackOutcome.Committed or TrackOutcome.Erased || random.Next(outcome == TrackOutcome.Overloaded ? 3 : 12) == 0)
            {
                return;
            }
            await PauseAsync(1_000);
        }
    }

    private async Task EraseAsync(string customer)
    {
        ledger.ErasuresAsked.Add(customer);
        while (true)
        {
            try
            {
                var process = pick() ?? throw new ConnectionLostException();
                await process.CallAsync(engine => engine.Customer(customer).EraseAsync());
                ledger.Erased.Add(customer);
                return;
            }
            catch (Exception e) when (IsExpected(e))
            {
                await PauseAsync(1_000);
            }
        }
    }

    /// <summary>Reads a customer after a receipt for so many of its events; the shop may have crashed in between.</summary>
    private Task ReadAsync(string customer, long acknowledged) => AskAsync(async engine =>
    {
        var view = await engine.Customer(customer).GetAsync();
        reads.Observe(customer, acknowledged, view);
        return view;
    });

    private Task ReclusterAsync() => AskAsync(engine => engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 2, Seed = random.Next() }));

    /// <summary>From then on the segments' actors follow what changes.</summary>
    private static async Task<int> AskSegmentsAsync(Engine.Embedded.EmbeddedEngine engine)
    {
        var segments = (await engine.GetSegmentsAsync()).Segments;
        foreach (var segment in segments)
        {
            await engine.Segment(segment.Key).GetAsync();
        }
        return segments.Count;
    }

    /// <summary>Asks once; no answer is an answer.</summary>
    private async Task AskAsync<T>(Func<Engine.Embedded.EmbeddedEngine, Task<T>> ask)
    {
        try
        {
            var process = pick() ?? throw new ConnectionLostException();
            await process.CallAsync(ask);
        }
        catch (Exception e) when (IsExpected(e))
        {
            await PauseAsync(500);
        }
    }

    private static bool IsExpected(Exception e) => e is ConnectionLostException or SimulatedFaultException or EngineUnavailableException
        or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
