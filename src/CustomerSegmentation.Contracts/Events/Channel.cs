namespace CustomerSegmentation.Contracts.Events;

/// <summary>Where the customer met the shop. Values are persisted: never renumber.</summary>
public enum Channel : byte
{
    Unknown = 0,
    Web = 1,
    MobileApp = 2,
    Email = 3,
    Store = 4,
    Service = 5,
    Server = 6,
}
