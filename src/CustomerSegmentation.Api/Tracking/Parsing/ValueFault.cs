namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>What is wrong with a value.</summary>
internal enum ValueFault : byte
{
    None = 0,

    /// <summary>Another JSON type than asked for. An object or array has not been read yet.</summary>
    WrongType = 1,

    /// <summary>Longer than allowed; the beginning was read.</summary>
    TooLong = 2,

    /// <summary>Half a surrogate pair or a NUL.</summary>
    BadText = 3,

    /// <summary>A number that no double holds.</summary>
    NotFinite = 4,

    /// <summary>A number beyond the bounds.</summary>
    OutOfRange = 5,
}
