using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Where events of an import or a simulation go: an engine in this process, or a running service.</summary>
internal interface IEventSink
{
    /// <summary>
    /// Returns when all events are committed or refused for good. An overloaded or briefly unavailable system is waited for.
    /// </summary>
    /// <exception cref="CommandFailure">The system did not take the events within the sink's patience, or refuses the sender.</exception>
    Task<SinkResult> SendAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken);

    /// <summary>Keeps rejections.</summary>
    Task RejectAsync(IReadOnlyList<RejectionView> rejections, CancellationToken cancellationToken);
}
