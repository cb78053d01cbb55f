using CustomerSegmentation.SiloHost.Access;
using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Tests.Commands;

/// <summary>Gives commands what the test prepared.</summary>
internal sealed class FakeOpener(ISegmentationAccess access) : IAccessOpener
{
    public string? DataFolder { get; private set; }

    public Task<ISegmentationAccess> OpenAsync(string dataFolder, CancellationToken cancellationToken)
    {
        DataFolder = dataFolder;
        return Task.FromResult(access);
    }

    public Task<IEventSink> ConnectSinkAsync(string dataFolder, Uri? url, string? key, CancellationToken cancellationToken) =>
        Task.FromResult(access.Sink);
}
