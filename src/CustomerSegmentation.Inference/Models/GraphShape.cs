using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.Inference.Models;

/// <summary>Compares what a graph takes and gives with what a manifest says.</summary>
internal static class GraphShape
{
    /// <summary>Requires inputs or outputs to be exactly these, in any order.</summary>
    /// <param name="file">The graph's file, for messages.</param>
    /// <param name="what"><c>input</c> or <c>output</c>.</param>
    /// <param name="found">What the graph has.</param>
    /// <param name="expected">What it must have; -1 stands for any size.</param>
    /// <param name="othersAllowed">Whether the graph may have more.</param>
    /// <exception cref="ModelRefusedException">One is missing, too many, or of another type or shape.</exception>
    public static void Require(
        string file, string what, IReadOnlyList<TensorDescription> found, IReadOnlyList<TensorDescription> expected, bool othersAllowed = false)
    {
        foreach (var wanted in expected)
        {
            var tensor = found.FirstOrDefault(f => f.Name == wanted.Name) ?? throw new ModelRefusedException(
                file, ModelFault.Shape, $"{what} {wanted} is missing; the graph has {string.Join(", ", found)}");
            if (tensor.Element != wanted.Element || tensor.Dimensions.Count != wanted.Dimensions.Count
                || tensor.Dimensions.Zip(wanted.Dimensions).Any(d => !Fits(d.First, d.Second)))
            {
                throw new ModelRefusedException(file, ModelFault.Shape, $"{what} is {tensor}; the manifest makes it {wanted}");
            }
        }

        var surplus = found.FirstOrDefault(f => expected.All(e => e.Name != f.Name));
        if (surplus is not null && !othersAllowed)
        {
            throw new ModelRefusedException(file, ModelFault.Shape, $"{what} {surplus} is unknown");
        }
    }

    // A size that must be free may not be fixed by the graph; one that is known may be left open by it.
    private static bool Fits(long found, long wanted) => wanted < 0 ? found < 0 : found < 0 || found == wanted;
}
