using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Api.Tests.Fakes;

internal sealed class FakeSegment(FakeEngine engine, string key) : ISegmentActor
{
    public Task<SegmentView?> GetAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(engine.Segments.Segments.FirstOrDefault(segment => segment.Key == key));

    public Task ApplyAsync(SegmentDelta delta, CancellationToken cancellationToken = default) => Task.CompletedTask;
}
