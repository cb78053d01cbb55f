namespace CustomerSegmentation.Api.Access;

/// <summary>What a presented key may do.</summary>
internal enum KeyKind : byte
{
    /// <summary>No key was presented.</summary>
    Missing = 0,

    /// <summary>A key was presented that is none of ours.</summary>
    Unknown = 1,

    /// <summary>May send events.</summary>
    Write = 2,

    /// <summary>May send events, read and steer.</summary>
    Admin = 3,
}
