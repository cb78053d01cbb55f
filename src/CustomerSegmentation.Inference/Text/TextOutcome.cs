namespace CustomerSegmentation.Inference.Text;

/// <summary>What became of a text.</summary>
internal enum TextOutcome
{
    /// <summary>The model read it.</summary>
    Embedded,

    /// <summary>The same text was read a moment ago, or was on its way.</summary>
    Shared,

    /// <summary>The queue was full, or so long that the text's turn would have come too late.</summary>
    Busy,

    /// <summary>Its turn did not come, or not end, in time.</summary>
    Late,

    /// <summary>The model gave a number that is not finite in half precision.</summary>
    Refused,

    /// <summary>The run failed.</summary>
    Failed,
}
