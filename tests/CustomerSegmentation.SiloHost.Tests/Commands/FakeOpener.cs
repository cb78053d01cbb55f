using CustomerSegmentation.SiloHost.Access;
using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Tests.Commands;

/// <summary>Gives commands what the test prepared.</summary>
internal sealed class FakeOpener(ISegmentationAccess access) : IAccessOpener
{
    public ShopLocation? Location { get; private set; }

    public Task<ISegmentationAccess> OpenAsync(ShopLocation location, CancellationToken cancellationToken)
    {
        Location = location;
        return Task.FromResult(access);
    }

    public Task<IEventSink> ConnectSinkAsync(string dataFolder, Uri? url, string? key, CancellationToken cancellationToken) =>
        Task.FromResult(access.Sink);
}
