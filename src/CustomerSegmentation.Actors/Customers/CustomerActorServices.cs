using CustomerSegmentation.Actors.Audiences;
using CustomerSegmentation.Actors.Clock;
using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>What every customer's actor in a process shares.</summary>
public sealed class CustomerActorServices
{
    public required IJournal Journal { get; init; }
    public required ShopClock Clock { get; init; }
    public required IActiveSegmentation Segmentation { get; init; }
    public required ActiveAudiences Audiences { get; init; }

    /// <summary>Reads the customers' events in the background; without one there are features alone.</summary>
    public IEncoder Encoder { get; init; } = new NoEncoder("no encoder is configured");
}
