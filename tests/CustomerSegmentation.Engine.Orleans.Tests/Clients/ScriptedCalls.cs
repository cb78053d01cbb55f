using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Orleans.Tests.Clients;

/// <summary>Calls of customers that end when a test says so. A receipt's sequence is the place of its request among all that came.</summary>
internal sealed class ScriptedCalls
{
    private readonly List<Call> _calls = [];
    private int _requests;

    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public async Task<IReadOnlyList<TrackReceipt>> SendAsync(TrackRequest[] requests, CancellationToken cancellationToken)
    {
        var call = new Call(requests, cancellationToken);
        lock (_calls)
        {
            _calls.Add(call);
        }
        await call.End.Task;
        return Array.ConvertAll(requests, r => new TrackReceipt
        {
            Outcome = TrackOutcome.Committed, Accepted = r.Events.Count, Sequence = Interlocked.Increment(ref _requests),
        });
    }

    /// <summary>The call with this number, from 0, once it has come.</summary>
    public async Task<Call> ComesAsync(int number)
    {
        await Waiting.UntilAsync(() => Calls.Count > number);
        return Calls[number];
    }

    /// <param name="Requests">What it brought.</param>
    /// <param name="Cancelled">As it was given.</param>
    internal sealed record Call(TrackRequest[] Requests, CancellationToken Cancelled)
    {
        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Messages => string.Join(' ', Requests.SelectMany(r => r.Events).Select(e => e.MessageId));
    }
}
