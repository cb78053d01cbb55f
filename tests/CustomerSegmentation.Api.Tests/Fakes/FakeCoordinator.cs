using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Api.Tests.Fakes;

internal sealed class FakeCoordinator : ISegmentationCoordinator
{
    public List<SegmentationView> Versions { get; } = [];

    public SegmentationRequest? Started { get; private set; }

    public Task<SegmentationView> StartAsync(SegmentationRequest request, CancellationToken cancellationToken = default)
    {
        Started = request;
        var view = new SegmentationView { Version = Versions.Count + 1, Status = SegmentationStatus.Running, Step = "reading" };
        Versions.Add(view);
        return Task.FromResult(view);
    }

    public Task<SegmentationView?> GetAsync(int version, CancellationToken cancellationToken = default) =>
        Task.FromResult(Versions.FirstOrDefault(each => each.Version == version));

    public Task<SegmentationView?> GetCurrentAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(Versions.LastOrDefault(each => each.Status == SegmentationStatus.Active));

    public Task<Page<SegmentationView>> ListAsync(string? cursor, int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult(new Page<SegmentationView> { Items = [.. Versions.AsEnumerable().Reverse().Take(limit)] });

    public async Task<SegmentationView?> ActivateAsync(int version, CancellationToken cancellationToken = default)
    {
        var view = await GetAsync(version, cancellationToken);
        return view?.Status == SegmentationStatus.Running ? throw new InvalidOperationException("The version is not finished.") : view;
    }

    public Task<SegmentationView?> CancelAsync(int version, CancellationToken cancellationToken = default) => GetAsync(version, cancellationToken);
}
