namespace CustomerSegmentation.Domain.Encoders;

/// <summary>One question that an encoder answers with a probability for each class.</summary>
/// <param name="Name">Name in the model's manifest, such as <c>value</c>.</param>
/// <param name="Classes">Names of the classes, in the order of their probabilities.</param>
/// <param name="Offset">Position of the first class among the probabilities of all heads.</param>
public sealed record EncoderHead(string Name, IReadOnlyList<string> Classes, int Offset)
{
    /// <summary>This head's part of the probabilities of all heads.</summary>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> probabilities) => probabilities.Slice(Offset, Classes.Count);
}
