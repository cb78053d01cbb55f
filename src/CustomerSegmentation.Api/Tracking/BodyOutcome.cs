namespace CustomerSegmentation.Api.Tracking;

/// <summary>How reading a body ended.</summary>
internal enum BodyOutcome : byte
{
    Complete = 0,
    TooLarge = 1,
    Overloaded = 2,

    /// <summary>It is not in the encoding that it claims.</summary>
    BadEncoding = 3,

    /// <summary>It came too slowly.</summary>
    TimedOut = 4,

    /// <summary>The sender went away.</summary>
    Aborted = 5,
}
