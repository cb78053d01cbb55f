using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Gives events to an engine in this process.</summary>
internal sealed class EngineSink(ISegmentationEngine engine, TimeProvider time) : IEventSink
{
    public async Task<SinkResult> SendAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(time);
        var result = default(SinkResult);
        var pending = requests;
        while (true)
        {
            var receipts = await engine.TrackAsync(pending, cancellationToken);
            List<TrackRequest>? again = null;
            string? reason = null;
            for (var index = 0; index < receipts.Count; index++)
            {
                var receipt = receipts[index];
                switch (receipt.Outcome)
                {
                    case TrackOutcome.Committed:
                        result += new SinkResult(receipt.Accepted, receipt.Duplicates, 0);
                        break;
                    case TrackOutcome.Erased:
                        result += new SinkResult(0, 0, pending[index].Events.Count);
                        break;
                    default:
                        (again ??= []).Add(pending[index]);
                        reason = receipt.Reason ?? receipt.Outcome.ToString();
                        break;
                }
            }

            if (again is null)
            {
                return result;
            }

            backOff.Progressed(again.Count < pending.Count);
            pending = again;
            if (!await backOff.WaitAsync(null, cancellationToken))
            {
                throw new CommandFailure($"the engine does not take events: {reason}");
            }
        }
    }

    public Task RejectAsync(IReadOnlyList<RejectionView> rejections, CancellationToken cancellationToken)
    {
        engine.Reject(rejections);
        return Task.CompletedTask;
    }
}
