namespace CustomerSegmentation.Inference.Batching;

/// <summary>Whether a queue took a request.</summary>
internal enum Admission
{
    Taken,
    Full,
    Closed,
}
