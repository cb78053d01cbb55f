using CustomerSegmentation.Client;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Orleans.Tests.Clients;

/// <summary>Commits nothing the first times it is called.</summary>
internal sealed class UnsteadyEngine(int failures) : WrappingEngine
{
    private readonly List<string> _calls = [];

    /// <summary>The message ids of each call.</summary>
    public IReadOnlyList<string> Calls => _calls;

    protected override ISegmentationEngine Inner => throw new NotSupportedException();

    public override async Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default)
    {
        _calls.Add(string.Join(' ', requests.SelectMany(r => r.Events).Select(e => e.MessageId)));
        var outcome = _calls.Count > failures ? TrackOutcome.Committed : TrackOutcome.Unavailable;
        await Task.Yield();
        return [.. requests.Select(_ => new TrackReceipt { Outcome = outcome })];
    }
}
