namespace CustomerSegmentation.Inference.Onnx;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Element">Type of its elements; <see cref="TensorElement.None"/> when it is no tensor.</param>
/// <param name="Dimensions">Its sizes, -1 where the graph leaves one open.</param>
public sealed record TensorDescription(string Name, TensorElement Element, IReadOnlyList<long> Dimensions)
{
    /// <summary>Such as <c>events Float32 [?, ?, 11]</c>.</summary>
    public override string ToString() => $"{Name} {Element} [{string.Join(", ", Dimensions.Select(d => d < 0 ? "?" : d.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";
}
