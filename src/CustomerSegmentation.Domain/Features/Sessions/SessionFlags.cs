namespace CustomerSegmentation.Domain.Features.Sessions;

/// <summary>What happened in a session. Values are persisted.</summary>
[Flags]
internal enum SessionFlags : byte
{
    None = 0,
    Cart = 1,
    Order = 2,
}
