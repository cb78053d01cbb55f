namespace CustomerSegmentation.Contracts.Events;

/// <summary>The kind of device behind an event. Values are persisted: never renumber.</summary>
public enum DeviceKind : byte
{
    Unknown = 0,
    Desktop = 1,
    Mobile = 2,
    Tablet = 3,
    Other = 4,
}
