using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Access;

/// <summary>Finds and opens what a command works on.</summary>
internal interface IAccessOpener
{
    /// <summary>Opens the shop in this process, or connects to the service that holds it.</summary>
    /// <exception cref="CommandFailure">Neither is possible; the message says why.</exception>
    Task<ISegmentationAccess> OpenAsync(ShopLocation location, CancellationToken cancellationToken);

    /// <summary>Connects to a running service to send events.</summary>
    /// <param name="dataFolder">The folder whose service is meant, and where its keys are.</param>
    /// <param name="url">The service's address; null takes it from the data folder.</param>
    /// <param name="key">The write key; null takes it from the data folder.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="CommandFailure">There is no service, or no key.</exception>
    Task<IEventSink> ConnectSinkAsync(string dataFolder, Uri? url, string? key, CancellationToken cancellationToken);
}
