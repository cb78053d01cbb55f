namespace CustomerSegmentation.Domain.Audiences;

/// <summary>How a condition compares.</summary>
internal enum Comparison : byte
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}
