using CustomerSegmentation.Learning.Clustering;

namespace CustomerSegmentation.Learning.Tests.Clustering;

public class ScoreKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(67)]
    public void Score_of_both_kernels_equals_the_expansion(int columns)
    {
        var random = new Random(columns);
        var stride = AlignedBuffer.PaddedLength(columns);
        var rows = Numbers(random, ScoreKernel.Rows * stride);
        var panel = Numbers(random, CentroidPanels.Width * columns);
        var norms = Numbers(random, CentroidPanels.Width);
        var (wide, portable) = (new float[ScoreKernel.Rows * CentroidPanels.Width], new float[ScoreKernel.Rows * CentroidPanels.Width]);

        ScoreKernel.Score512(ref rows[0], stride, ref panel[0], ref norms[0], columns, ref wide[0]);
        ScoreKernel.ScorePortable(ref rows[0], stride, ref panel[0], ref norms[0], columns, ref portable[0]);

        for (var row = 0; row < ScoreKernel.Rows; row++)
        {
            for (var lane = 0; lane < CentroidPanels.Width; lane++)
            {
                double expected = norms[lane];
                for (var j = 0; j < columns; j++)
                {
                    expected += (double)rows[(row * stride) + j] * panel[(j * CentroidPanels.Width) + lane];
                }

                Assert.Equal(expected, wide[(row * CentroidPanels.Width) + lane], 1e-4);
            }
        }

        Assert.Equal(wide, portable);
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
