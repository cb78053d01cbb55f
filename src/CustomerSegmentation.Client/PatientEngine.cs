using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Client;

/// <summary>Sends events again that were not committed: a silo was lost, or busy. Their message ids stay, so they count once.</summary>
internal sealed class PatientEngine(ISegmentationEngine inner, ClientOptions options, TimeProvider timeProvider) : WrappingEngine
{
    protected override ISegmentationEngine Inner => inner;

    public override async Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default)
    {
        var first = await inner.TrackAsync(requests, cancellationToken);
        if (AreSettled(first))
        {
            return first;
        }
        var receipts = first.ToArray();
        var delay = TimeSpan.FromMilliseconds(options.RetryDelayMs);
        for (var attempt = 0; attempt < options.RetriesMax; attempt++)
        {
            var again = Enumerable.Range(0, receipts.Length)
                .Where(i => IsOpen(receipts[i]))
                .ToArray();
            if (again.Length == 0)
            {
                break;
            }
            await Task.Delay(delay, timeProvider, cancellationToken);
            delay *= 2;
            var answers = await inner.TrackAsync(Array.ConvertAll(again, i => requests[i]), cancellationToken);
            for (var i = 0; i < again.Length; i++)
            {
                receipts[again[i]] = answers[i];
            }
        }
        return receipts;
    }

    private static bool AreSettled(IReadOnlyList<TrackReceipt> receipts)
    {
        for (var i = 0; i < receipts.Count; i++)
        {
            if (IsOpen(receipts[i]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsOpen(TrackReceipt receipt) => receipt.Outcome is TrackOutcome.Unavailable or TrackOutcome.Overloaded;
}
