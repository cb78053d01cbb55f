using System.Runtime.CompilerServices;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// Centroids laid out for the distance kernel: panels of 16 centroids, within a panel column after column, each value times -2, and the
/// squared norms beside them. A score is then |c|² + Σ x·(-2c), the squared distance less |x|². Lanes without a centroid have an infinite
/// norm.
/// </summary>
internal sealed class CentroidPanels
{
    /// <summary>Centroids to a panel.</summary>
    public const int Width = 16;

    private readonly AlignedBuffer _panels;
    private readonly AlignedBuffer _norms;

    public CentroidPanels(int count, int columns)
    {
        Centroids = count;
        Columns = columns;
        Panels = (count + Width - 1) / Width;
        _panels = new AlignedBuffer(checked(Panels * Width * columns));
        _norms = new AlignedBuffer(Panels * Width);
        _norms.Span.Fill(float.PositiveInfinity);
    }

    public int Centroids { get; }

    public int Columns { get; }

    public int Panels { get; }

    /// <summary>Takes over count × stride centred centroids.</summary>
    public void Load(ReadOnlySpan<float> centroids, int stride)
    {
        for (var c = 0; c < Centroids; c++)
        {
            var centroid = centroids.Slice(c * stride, Columns);
            var panel = _panels.Span.Slice(c / Width * Width * Columns, Width * Columns);
            var lane = c % Width;
            var norm = 0.0;
            for (var j = 0; j < Columns; j++)
            {
                norm += (double)centroid[j] * centroid[j];
                panel[(j * Width) + lane] = -2 * centroid[j];
            }

            _norms.Span[c] = (float)norm;
        }
    }

    /// <summary>First value of a panel of <see cref="Columns"/> × <see cref="Width"/> values.</summary>
    public ref float Panel(int panel) => ref Unsafe.Add(ref _panels.First, (nint)panel * Width * Columns);

    /// <summary>First of a panel's <see cref="Width"/> squared norms.</summary>
    public ref float Norms(int panel) => ref Unsafe.Add(ref _norms.First, (nint)panel * Width);
}
